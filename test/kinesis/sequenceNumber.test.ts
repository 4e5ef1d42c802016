// Sequence numbers: the layout, with numbers that AWS gave out.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatSequenceNumber,
  isFailingSequenceNumber,
  parseOldSequenceNumber,
  parseSequenceNumber,
  sequenceIndexMax,
  shortSequenceNumber,
} from '../../src/kinesis/sequenceNumber.ts';

const anyParts = fc.record({
  shardCreatedSeconds: fc.integer({ min: 1_000_000_000, max: 16_025_174_999 }),
  shardIndex: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  index: fc.bigInt({ min: 0n, max: sequenceIndexMax }),
  seconds: fc.integer({ min: 0, max: 16_025_174_999 }),
});

describe('parseSequenceNumber()', () => {
  it('reads a number of 2019', () => {
    expect(parseSequenceNumber('49594189147623985939251953501666965394405037144469929986')).toEqual(
      {
        shardCreatedSeconds: 1_553_568_712,
        shardIndex: 0,
        index: 195n,
        seconds: 1_553_568_735,
      },
    );
  });

  it('reads a number of 2026', () => {
    expect(parseSequenceNumber('49674026002850188218576229259473476449429298564223254594')).toEqual(
      {
        shardCreatedSeconds: 1_777_319_237,
        shardIndex: 3076,
        index: 21_689_507_110n,
        seconds: 1_777_320_018,
      },
    );
  });

  it('undoes formatSequenceNumber()', () => {
    fc.assert(
      fc.property(anyParts, (parts) => {
        expect(parseSequenceNumber(formatSequenceNumber(parts))).toEqual(parts);
      }),
    );
  });

  it('refuses other versions, a counter of 64 bits, and other text', () => {
    const parts = { shardCreatedSeconds: 1, shardIndex: 0, index: 1n, seconds: 1 };
    const good = BigInt(formatSequenceNumber(parts));
    const bad = [
      (good + 1n).toString(),
      (good + (1n << 184n)).toString(),
      formatSequenceNumber({ ...parts, index: sequenceIndexMax + 1n }),
      '0',
      '1',
      '',
      '-1',
      '01',
      'abc',
      '9'.repeat(130),
    ];
    for (const text of bad) expect(parseSequenceNumber(text)).toBeUndefined();
  });
});

const fromHex = (digits: string): string => BigInt(`0x${digits}`).toString();

describe('parseOldSequenceNumber()', () => {
  it('reads version 0, whose first digit may be missing', () => {
    for (const text of ['5', fromHex('10000000000000000000000000000005')]) {
      expect(parseOldSequenceNumber(text)).toEqual({ version: 0, shardIndex: 5, seconds: 0 });
    }
    expect(parseOldSequenceNumber(fromHex('13bb2cc3d7fffffffffffffffffffffe'))).toMatchObject({
      shardIndex: 0xfffe,
    });
  });

  it('refuses a version 0 of the year 2477', () => {
    expect(parseOldSequenceNumber(fromHex('13bb2cc3d80000000000000000000000'))).toBeUndefined();
  });

  it('reads version 1', () => {
    const digits = `2${'04c4ba600'}5${'00'}${'04c4ba6ff'}${'ab'.repeat(7)}${'01'}${'00000005'}1`;
    expect(digits).toHaveLength(47);
    expect(parseOldSequenceNumber(fromHex(digits))).toEqual({
      version: 1,
      shardIndex: 5,
      seconds: 0x04c4ba6ff,
    });
  });

  it('refuses version 2, other versions, other sizes and other text', () => {
    const zeros = '0'.repeat(45);
    for (const digits of [`2${zeros}2`, `2${zeros}4`, `3${zeros}1`, '20'.padEnd(34, '0')]) {
      expect(parseOldSequenceNumber(fromHex(digits))).toBeUndefined();
    }
    for (const text of ['', '01', '-1', 'abc', `${2n ** 129n}`])
      expect(parseOldSequenceNumber(text)).toBeUndefined();
  });
});

describe('isFailingSequenceNumber()', () => {
  it('is true for version 3 alone', () => {
    const zeros = '0'.repeat(45);
    expect(isFailingSequenceNumber(fromHex(`2${zeros}3`))).toBe(true);
    for (const digits of [`2${zeros}2`, `3${zeros}3`, `1${zeros}3`, '3']) {
      expect(isFailingSequenceNumber(fromHex(digits))).toBe(false);
    }
  });
});

describe('parseSequenceNumber() and parseOldSequenceNumber()', () => {
  it.each([parseSequenceNumber, parseOldSequenceNumber])('take digits only: %o', (parse) => {
    const numbers = [fromHex(`2${'0'.repeat(45)}2`), fromHex(`2${'0'.repeat(45)}1`), '5'];
    expect(numbers.some((number) => parse(number) !== undefined)).toBe(true);
    for (const number of numbers) {
      for (const text of [` ${number}`, `${number}\n`, `x${number}`, `${number}x`, `-${number}`]) {
        expect(parse(text)).toBeUndefined();
      }
    }
  });
});

describe('shortSequenceNumber()', () => {
  it('shows the last four digits of a long number, and a short one whole', () => {
    expect(shortSequenceNumber('49674026002850188218576229223254594')).toBe('…4594');
    expect(shortSequenceNumber('1234567')).toBe('…4567');
    expect(shortSequenceNumber('123456')).toBe('123456');
  });
});

describe('formatSequenceNumber()', () => {
  it('has 56 digits in our time, and neighbours 2^144 + 2^4 apart', () => {
    const parts = { shardCreatedSeconds: 1_735_689_600, index: 0n, seconds: 1_735_689_600 };
    const numbers = [0, 1].map((shardIndex) => formatSequenceNumber({ ...parts, shardIndex }));
    for (const number of numbers) expect(number).toMatch(/^\d{56}$/);
    const distance = BigInt(numbers[1]!) - BigInt(numbers[0]!);
    expect(distance).toBe(22300745198530623141535718272648361505980432n);
  });

  it('rises with the counter, whatever the second', () => {
    const two = fc.tuple(anyParts, anyParts);
    fc.assert(
      fc.property(two, ([a, b]) => {
        const sameShard = { ...b, ...pick(a) };
        const [x, y] = [a, sameShard].map((parts) => BigInt(formatSequenceNumber(parts)));
        if (a.index !== b.index) expect(x! < y!).toBe(a.index < b.index);
      }),
    );
  });
});

const pick = (parts: { shardCreatedSeconds: number; shardIndex: number }) => ({
  shardCreatedSeconds: parts.shardCreatedSeconds,
  shardIndex: parts.shardIndex,
});
