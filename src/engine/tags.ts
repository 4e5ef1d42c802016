/** Tags of a resource: what they may be, and a resource's after some are added or taken. Writes nothing. */
import type { StreamId } from '../kinesis/errors.ts';
import { tagsMax } from '../kinesis/limits.ts';
import type { Tag } from '../kinesis/shapes.ts';
import {
  illegalTagCharacters,
  invalidTagCharacters,
  reservedTagKey,
  tooManyTags,
} from '../kinesis/tagErrors.ts';
import type { Resource, TagPair } from './resources.ts';
import type { CatalogChange } from './streamEntry.ts';

type Action = 'add tags to' | 'remove tags from';

interface TagRules {
  /** As the sentence lists them. */
  readonly symbols: string;
  readonly isValid: RegExp;
}

/** AddTagsToStream, RemoveTagsFromStream, CreateStream. @source measured: tabs and line ends are no white space. */
export const streamTagRules: TagRules = {
  symbols: '_ . / = + - % @',
  isValid: /^[\p{L}\p{N}\p{Z}_./=+\-%@]*$/u,
};

/** TagResource, UntagResource. @source documented */
export const resourceTagRules: TagRules = {
  symbols: '_ . : / = + - @',
  isValid: /^[\p{L}\p{N}\p{Z}_.:/=+\-@]*$/u,
};

/** What AWS keeps for itself, in any case of letters. @source documented; guessed: that case does not matter. */
const reservedKey = /^aws:/i;

/** Throws InvalidArgument. @source measured: their order; guessed: that reserved keys come first. */
function checkTexts(
  { keys, values }: { keys: readonly string[]; values: readonly string[] },
  { action, rules, id }: { action: Action; rules: TagRules; id: StreamId },
): void {
  const texts = [...keys, ...values];
  if (keys.some((key) => reservedKey.test(key))) throw reservedTagKey(action, id);
  if (!texts.every((text) => rules.isValid.test(text))) throw invalidTagCharacters(rules.symbols);
  if (texts.some((text) => text.includes('%'))) throw illegalTagCharacters(action, id);
}

/** `tags` with `added`, whose values win. Throws InvalidArgument for what no tag may be, and for the 51st. */
export function withTags(
  { id, tags }: Pick<Resource, 'id' | 'tags'>,
  { added, rules }: { added: Readonly<Record<string, string>>; rules: TagRules },
): TagPair[] {
  const texts = { keys: Object.keys(added), values: Object.values(added) };
  checkTexts(texts, { action: 'add tags to', rules, id });
  const all = new Map([...tags, ...Object.entries(added)]);
  if (all.size > tagsMax) throw tooManyTags(id);
  return [...all];
}

export function addTags(
  resource: Resource,
  how: { added: Readonly<Record<string, string>>; rules: TagRules },
): CatalogChange[] {
  resource.checkActive();
  return [resource.changeOf({ tags: withTags(resource, how) })];
}

/** No change when the resource has none of them. */
export function removeTags(
  resource: Resource,
  { keys, rules }: { keys: readonly string[]; rules: TagRules },
): CatalogChange[] {
  resource.checkActive();
  checkTexts({ keys, values: [] }, { action: 'remove tags from', rules, id: resource.id });
  const tags = resource.tags.filter(([key]) => !keys.includes(key));
  return tags.length === resource.tags.length ? [] : [resource.changeOf({ tags })];
}

/** By key, as AWS lists them. @source measured */
export const listedTags = ({ tags }: Pick<Resource, 'tags'>): Tag[] =>
  [...tags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([Key, Value]) => ({ Key, Value }));
