/** AWS's sentences for tags. Nothing here decides. */
import { invalidArgument, type KinesisError, type StreamId } from './errors.ts';

const of = ({ name, account }: StreamId): string => `stream ${name} under account ${account}`;

/** @source measured: for streams; guessed: for TagResource, with the characters that it documents. */
export const invalidTagCharacters = (symbols: string): KinesisError =>
  invalidArgument(
    'Some tags contain invalid characters. Valid characters: ' +
      `Unicode letters, digits, white space, ${symbols}.`,
  );

/** Of a percent sign, which the sentence above calls valid. @source measured */
export const illegalTagCharacters = (
  what: 'add tags to' | 'remove tags from',
  stream: StreamId,
): KinesisError =>
  invalidArgument(
    `Failed to ${what} ${of(stream)} because some tags contained illegal characters. ` +
      "The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
  );

/** More than fifty. @source measured: also that it speaks of 10. */
export const tooManyTags = (stream: StreamId): KinesisError =>
  invalidArgument(
    `Failed to add tags to ${of(stream)} because a given stream cannot have more than ` +
      '10 tags associated with it.',
  );

/** @source documented: that the prefix is reserved; guessed: type and wording. */
export const reservedTagKey = (what: 'add tags to' | 'remove tags from', stream: StreamId) =>
  invalidArgument(
    `Failed to ${what} ${of(stream)} because tag keys that start with aws: are reserved.`,
  );
