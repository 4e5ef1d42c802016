// The token buckets of a shard against plain models that step through every millisecond.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReadLimit } from '../../../src/engine/limits/readLimit.ts';
import { TokenBucket } from '../../../src/engine/limits/tokenBucket.ts';
import { WriteLimit } from '../../../src/engine/limits/writeLimit.ts';
import { MIB } from '../../../src/kinesis/limits.ts';

/** Levels in thousandths, filled millisecond by millisecond. */
class Plain {
  level: number;
  private readonly perMs: number;
  private readonly full: number;

  constructor(perSecond: number, capacity: number) {
    this.perMs = perSecond;
    this.full = capacity * 1000;
    this.level = this.full;
  }

  pass(ms: number): void {
    for (let passed = 0; passed < ms && this.level < this.full; passed++) {
      this.level = Math.min(this.full, this.level + this.perMs);
    }
  }
}

/** WriteLimit as its comment says it, without sharing anything. */
class PlainWrites {
  private readonly second = new Plain(MIB, MIB);
  private readonly tank = new Plain(MIB, 10 * MIB);
  private readonly records = new Plain(1000, 1000);

  pass(ms: number): void {
    for (const bucket of [this.second, this.tank, this.records]) bucket.pass(ms);
  }

  put(bytes: number): 'bytes' | 'records' | undefined {
    const cost = bytes * 1000;
    if (bytes > MIB ? this.tank.level < cost : this.second.level < cost) return 'bytes';
    if (this.records.level < 1000) return 'records';
    this.second.level = bytes > MIB ? 0 : this.second.level - cost;
    this.tank.level -= cost;
    this.records.level -= 1000;
    return undefined;
  }
}

/** GetRecords as the documents have it. */
class PlainReads {
  private readonly calls = new Plain(5, 5);
  private readonly bytes = new Plain(2 * MIB, 2 * MIB);
  private nowMs = 0;
  private penaltyUntilMs = 0;
  private paidAtMs = 0;

  pass(ms: number): void {
    this.nowMs += ms;
    this.calls.pass(ms);
    this.bytes.pass(ms);
  }

  read(answerBytes: number): string | undefined {
    if (this.nowMs < this.paidAtMs) return 'bytes';
    if (this.nowMs < this.penaltyUntilMs) return 'penalty';
    const refusal = this.calls.level < 1000 ? 'calls' : this.bytes.level < 0 ? 'bytes' : undefined;
    if (refusal) this.penaltyUntilMs = this.nowMs + 1000;
    else this.pay(answerBytes);
    return refusal;
  }

  private pay(bytes: number): void {
    this.calls.level -= 1000;
    if (bytes > 2 * MIB) {
      this.bytes.level = -bytes * 1000;
      this.paidAtMs = this.nowMs + bytes / ((2 * MIB) / 1000);
    } else this.bytes.level -= bytes * 1000;
  }
}

const passes = fc.oneof(fc.nat(3), fc.nat(40), fc.nat(1500), fc.nat(12_000));
const sizes = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 3000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: MIB }) },
  { weight: 2, arbitrary: fc.integer({ min: MIB - 1, max: 10 * MIB }) },
  { weight: 1, arbitrary: fc.constantFrom(MIB, MIB + 1, 10 * MIB) },
);

describe('TokenBucket', () => {
  it('adds up small steps of the clock to exactly one large one', () => {
    const bucket = new TokenBucket({ perSecond: MIB, capacity: MIB }, 0);
    bucket.take(MIB);
    for (let ms = 1; ms < 1000; ms++) expect(bucket.has(MIB, ms)).toBe(false);
    expect(bucket.has(MIB, 1000)).toBe(true);
    expect(bucket.has(MIB + 1, 100_000)).toBe(false);
  });

  it('stands still while the clock falls', () => {
    const bucket = new TokenBucket({ perSecond: 5, capacity: 5 }, 10_000);
    for (let call = 0; call < 5; call++) bucket.take(1);
    expect(bucket.has(1, 500)).toBe(false);
    expect(bucket.has(1, 699)).toBe(false);
    expect(bucket.has(1, 700)).toBe(true);
  });
});

describe('WriteLimit', () => {
  it('decides as three plain buckets do', () => {
    const step = fc.record({ ms: passes, bytes: sizes, times: fc.constantFrom(1, 1, 3, 400) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        let nowMs = 17;
        const limit = new WriteLimit(nowMs);
        const plain = new PlainWrites();
        for (const { ms, bytes, times } of steps) {
          nowMs += ms;
          plain.pass(ms);
          const puts = Array.from({ length: times }, () => [
            limit.admit(bytes, nowMs),
            plain.put(bytes),
          ]);
          expect(puts.filter(([decided, expected]) => decided !== expected)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('admits no more than bursts and time allow in any span', () => {
    const step = fc.record({ ms: fc.nat(2000), bytes: sizes });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 120 }), (steps) => {
        let nowMs = 0;
        const limit = new WriteLimit(nowMs);
        const admitted: { atMs: number; bytes: number }[] = [];
        for (const { ms, bytes } of steps) {
          nowMs += ms;
          if (limit.admit(bytes, nowMs) === undefined) admitted.push({ atMs: nowMs, bytes });
        }
        for (const [first, { atMs }] of admitted.entries()) {
          let sum = 0;
          let small = 0;
          for (const later of admitted.slice(first)) {
            const passed = ((later.atMs - atMs) * MIB) / 1000;
            sum += later.bytes;
            small += later.bytes <= MIB ? later.bytes : 0;
            expect(sum).toBeLessThanOrEqual(10 * MIB + passed);
            expect(small).toBeLessThanOrEqual(MIB + passed);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('takes 1,000 records and 1 MiB in a second and says which of them was met', () => {
    const limit = new WriteLimit(0);
    for (let record = 0; record < 1000; record++) expect(limit.admit(1, 0)).toBeUndefined();
    expect(limit.admit(1, 0)).toBe('records');
    expect(limit.admit(1, 1)).toBeUndefined();
    const other = new WriteLimit(0);
    expect(other.admit(MIB, 0)).toBeUndefined();
    expect(other.admit(1, 0)).toBe('bytes');
    expect(other.admit(0, 0)).toBeUndefined();
    expect(other.admit(MIB, 999)).toBe('bytes');
    expect(other.admit(MIB, 1000)).toBeUndefined();
  });

  it('takes nothing for what it refuses', () => {
    const limit = new WriteLimit(0);
    for (let record = 0; record < 1000; record++) limit.admit(1, 0);
    for (let refused = 0; refused < 9; refused++) {
      expect(limit.admit(MIB / 2, 0)).toBe('records');
    }
    expect(limit.admit(MIB, 1)).toBeUndefined();
    const other = new WriteLimit(0);
    other.admit(MIB - 1000, 0);
    for (let refused = 0; refused < 2000; refused++) expect(other.admit(MIB, 0)).toBe('bytes');
    for (let record = 0; record < 999; record++) expect(other.admit(1, 0)).toBeUndefined();
    expect(other.admit(1, 0)).toBe('records');
  });

  it('serves a record of 10 MiB from the tank, and the next one ten seconds later', () => {
    const limit = new WriteLimit(0);
    expect(limit.admit(10 * MIB, 0)).toBeUndefined();
    expect(limit.admit(10 * MIB, 9999)).toBe('bytes');
    expect(limit.admit(10 * MIB, 10_000)).toBeUndefined();
    expect(limit.admit(1, 10_000)).toBe('bytes');
  });
});

describe('ReadLimit', () => {
  const full = 10 * MIB;

  it('decides as plain buckets and documents do', () => {
    const bytes = fc.oneof(fc.nat(1000), fc.nat(2 * MIB), fc.nat(full), fc.constant(full));
    const step = fc.record({ ms: passes, bytes });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 80 }), (steps) => {
        let nowMs = 0;
        const limit = new ReadLimit(nowMs);
        const plain = new PlainReads();
        for (const { ms, bytes: answerBytes } of steps) {
          nowMs += ms;
          plain.pass(ms);
          const refusal = limit.admitRead(nowMs);
          if (refusal === undefined) limit.charge(answerBytes, nowMs);
          expect(refusal).toBe(plain.read(answerBytes));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives five calls a second; after a refused one all fail for a second', () => {
    const limit = new ReadLimit(0);
    for (let call = 0; call < 5; call++) expect(limit.admitRead(0)).toBeUndefined();
    expect(limit.admitRead(0)).toBe('calls');
    expect(limit.admitRead(600)).toBe('penalty');
    expect(limit.admitRead(999)).toBe('penalty');
    expect(limit.admitRead(1000)).toBeUndefined();
  });

  it('lets 10 MiB cost five seconds, whatever was asked in between', () => {
    const limit = new ReadLimit(0);
    expect(limit.admitRead(0)).toBeUndefined();
    limit.charge(full, 0);
    for (const ms of [0, 1, 1000, 4000, 4999]) expect(limit.admitRead(ms)).toBe('bytes');
    expect(limit.admitRead(5000)).toBeUndefined();
  });

  it('charges an answer when it is given: what came back while it was read is not saved up', () => {
    const limit = new ReadLimit(0);
    expect(limit.admitRead(0)).toBeUndefined();
    limit.charge(2 * MIB, 500);
    expect(limit.admitRead(501)).toBeUndefined();
    limit.charge(1.5 * MIB, 501);
    expect(limit.admitRead(751)).toBe('bytes');
  });

  it('an answer of exactly 2 MiB empties the second, a byte more is paid for in full', () => {
    const limit = new ReadLimit(0);
    limit.charge(2 * MIB, 0);
    expect(limit.admitRead(0)).toBeUndefined();
    const other = new ReadLimit(0);
    other.charge(2 * MIB + 1, 0);
    expect([other.admitRead(0), other.admitRead(1000)]).toEqual(['bytes', 'bytes']);
    expect(other.admitRead(1001)).toBeUndefined();
  });

  it('gives 2 MiB a second on average, overdrawn by one answer at most', () => {
    const limit = new ReadLimit(0);
    let bytes = 0;
    for (let ms = 0; ms <= 60_000; ms += 250) {
      if (limit.admitRead(ms) !== undefined) continue;
      limit.charge(1.5 * MIB, ms);
      bytes += 1.5 * MIB;
    }
    expect(bytes).toBeLessThanOrEqual((2 + 1.5 + 60 * 2) * MIB);
    expect(bytes).toBeGreaterThan(60 * MIB);
  });

  it('gives five iterators a second, apart from the reads', () => {
    const limit = new ReadLimit(0);
    for (let call = 0; call < 5; call++) expect(limit.admitIterator(0)).toBe(true);
    expect(limit.admitIterator(0)).toBe(false);
    expect(limit.admitRead(0)).toBeUndefined();
    expect(limit.admitIterator(199)).toBe(false);
    expect(limit.admitIterator(200)).toBe(true);
  });
});
