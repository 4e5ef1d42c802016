// The scan accepts what JSON.parse() accepts, and tells a beginning from a mistake.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanJson } from '../../src/decode/jsonScan.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('scanJson()', () => {
  test.each([
    ['{}', 'whole', 2],
    [' [ 1 , -0.5e+10, true, false, null, "a\\u00e9\\n" ] ', 'whole', 50],
    ['{"a":{"b":[{}]}}', 'whole', 16],
    ['12', 'whole', 2],
    ['', 'open', 0],
    ['[1,', 'open', 3],
    ['[tru', 'open', 4],
    ['{"a', 'open', 3],
    ['{"a"', 'open', 4],
    ['{"a":"\\u00', 'open', 10],
    ['[-', 'open', 2],
    ['[1.', 'open', 3],
    ['[1e+', 'open', 4],
    ['[1,]', 'wrong', 3],
    ['{"a":1,}', 'wrong', 7],
    ["{'a':1}", 'wrong', 1],
    ['[01]', 'wrong', 2],
    ['["\t"]', 'wrong', 2],
    ['["\\x"]', 'wrong', 2],
    ['["\\u00g0"]', 'wrong', 2],
    ['[trye]', 'wrong', 1],
    ['[1}', 'wrong', 2],
    ['{} {}', 'wrong', 3],
    ['[+1]', 'wrong', 1],
    ['[\u00a01]', 'wrong', 1],
  ])('%s is %s at %i', (text, state, at) => {
    expect(scanJson(text)).toEqual({ state, at });
  });

  const mutated = fc
    .tuple(
      fc.json(),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'{}[]:,"\\ \n\t0123-+.eEtrufalsn\u0001é')), {
        maxLength: 2,
      }),
      fc.boolean(),
    )
    .map(([json, changes, isInsert]) => {
      let text = json;
      for (const [place, sign] of changes) {
        const at = place % (text.length + 1);
        text = text.slice(0, at) + sign + text.slice(isInsert ? at : at + 1);
      }
      return text;
    });

  test('agrees with JSON.parse() about JSON and what is nearly JSON', () => {
    let wrongCount = 0;
    fc.assert(
      fc.property(mutated, (text) => {
        if (!isJson(text)) wrongCount++;
        expect(scanJson(text).state === 'whole').toBe(isJson(text));
      }),
      { numRuns: 5000 },
    );
    expect(wrongCount).toBeGreaterThan(1000);
  });

  test('finds no mistake in any beginning of an object or array', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, length) => {
        fc.pre(/^[{[]/.test(json));
        const head = json.slice(0, length % json.length);
        expect(scanJson(head).state).toBe('open');
      }),
    );
  });

  test('needs no stack for depth', () => {
    const depth = 5_000_000;
    expect(scanJson('['.repeat(depth) + ']'.repeat(depth)).state).toBe('whole');
    expect(scanJson('{"a":'.repeat(100_000)).state).toBe('open');
    expect(scanJson(`${'[{"a":'.repeat(1000)}1${'}]'.repeat(999)}`).state).toBe('open');
    expect(scanJson(`${'['.repeat(depth)}}`)).toEqual({ state: 'wrong', at: depth });
  });
});
