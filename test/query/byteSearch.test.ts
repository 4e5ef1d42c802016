// Texts are found in bytes as String.includes finds them, at the first place, and never in the bytes around.
import { expect, test } from 'vitest';
import { ByteSearch } from '../../src/query/byteSearch.ts';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';

const utf8 = new TextEncoder();

function textOf(random: SeededRandom, characters: readonly string[], length: number): string {
  return Array.from({ length }, () => random.pick(characters)).join('');
}

/** ASCII letters alone have two cases. */
const folded = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

test('a search says what a search of the text says, wherever the bytes lie', () => {
  const random = seededRandom(41);
  const characters = [...'aabAB01"\\{ \n@`[{', 'é', 'K', '😀'];
  let found = 0;
  for (let round = 0; round < 20_000; round++) {
    const [before, within, behind] = [0, 1, 2].map(() =>
      textOf(random, characters, random.integer(0, 12)),
    ) as [string, string, string];
    const letters = [...'aabAB01"\\{ \n@`['];
    const wanted = textOf(random, letters, random.integer(1, 5));
    const memory = utf8.encode(before + within + behind);
    const start = utf8.encode(before).length;
    const range = { memory, start, end: start + utf8.encode(within).length };
    const anyCase = random.chance(0.5);
    const search = new ByteSearch(wanted, { anyCase });
    const [text, needle] = anyCase ? [folded(within), folded(wanted)] : [within, wanted];
    const at = text.indexOf(needle);
    if (at >= 0) found++;
    expect(search.isIn(range), JSON.stringify({ before, within, wanted, anyCase })).toBe(at >= 0);
    if (wanted.length === 1) continue;
    const end = at < 0 ? -1 : start + utf8.encode(within.slice(0, at)).length + wanted.length;
    expect(search.endIn(range, start)).toBe(end);
  }
  expect(found).toBeGreaterThan(1_000);
});

test('a search goes on behind a place', () => {
  const memory = utf8.encode('",","');
  const range = { memory, start: 0, end: memory.length };
  const search = new ByteSearch('","', { anyCase: false });
  const ends: number[] = [];
  for (let at = search.endIn(range, 0); at >= 0; at = search.endIn(range, at - 1)) ends.push(at);
  expect(ends).toEqual([3, 5]);
});
