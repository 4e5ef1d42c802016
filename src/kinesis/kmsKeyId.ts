/** The forms in which a key of KMS is named. It asks nobody whether there is such a key. */

const keyForm = '(?:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|mrk-[0-9a-fA-F]{32})';
const aliasForm = 'alias\\/[a-zA-Z0-9/_-]+';
const keyId = new RegExp(
  `^(?:arn:aws[^:]*:kms:[^:]+:\\d{12}:(?:key\\/${keyForm}|${aliasForm})|${keyForm}|${aliasForm})$`,
);

/** A key's id, a key's ARN, an alias' ARN, or `alias/NAME`. @source documented */
export const isKmsKeyId = (text: string): boolean => keyId.test(text);
