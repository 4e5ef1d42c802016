// The commitment of an account: its states by the clock, its account and region, and that it is kept.
import { describe, expect, it } from 'vitest';
import { TestEngine } from './support/testEngine.ts';

const hourMs = 3_600_000;
const context = { account: '111122223333', region: 'eu-west-1' };

const change = async (test: TestEngine, Status: 'ENABLED' | 'DISABLED', who = context) => {
  const input = { MinimumThroughputBillingCommitment: { Status } };
  return (await test.engine.updateAccountSettings(input, who)).MinimumThroughputBillingCommitment!;
};
const look = async (test: TestEngine, who = context) =>
  (await test.engine.describeAccountSettings({}, who)).MinimumThroughputBillingCommitment!;

describe('updateAccountSettings()', () => {
  it('is of one account and region, and there after a restart, a kill and a long catalog', async () => {
    const test = await TestEngine.open();
    const told = await change(test, 'ENABLED');
    expect(told.EarliestAllowedEndAt!.getTime() - told.StartedAt!.getTime()).toBe(24 * hourMs);
    expect(await look(test)).toEqual(told);
    expect(await look(test, { ...context, region: 'us-east-1' })).toEqual({ Status: 'DISABLED' });
    expect(await look(test, { ...context, account: '1'.repeat(12) })).toEqual({
      Status: 'DISABLED',
    });
    await test.reopen();
    expect(await look(test)).toEqual(told);
    await test.stream('orders');
    const Tags = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`${i}`, '.'.repeat(256)]),
    );
    // Long enough for a snapshot in a new file.
    for (let i = 0; i < 30; i++) {
      await test.engine.addTagsToStream({ StreamName: 'orders', Tags });
    }
    expect(test.files.paths.filter((it) => it.endsWith('.cat'))).not.toContain(
      'catalog/000000000001.cat',
    );
    await test.reopenAfterKill();
    expect(await look(test)).toEqual(told);
    await test.engine.close();
  });

  it('ends at the end of its first day, by the engine and without another call', async () => {
    const test = await TestEngine.open();
    const { StartedAt, EarliestAllowedEndAt } = await change(test, 'ENABLED');
    await test.clock.advance(hourMs);
    const Status = 'ENABLED_UNTIL_EARLIEST_ALLOWED_END';
    const ending = { Status, StartedAt, EarliestAllowedEndAt };
    expect(await change(test, 'DISABLED')).toEqual(ending);
    await test.reopen();
    await test.clock.advance(23 * hourMs - 1);
    expect(await look(test)).toEqual(ending);
    await test.clock.advance(1);
    const ended = { Status: 'DISABLED', StartedAt, EndedAt: EarliestAllowedEndAt };
    expect(await look(test)).toEqual(ended);
    expect(await change(test, 'DISABLED')).toEqual(ended);
    const again = await change(test, 'ENABLED');
    expect(again).toMatchObject({ Status: 'ENABLED' });
    expect(again.StartedAt).toEqual(EarliestAllowedEndAt);
    await test.engine.close();
  });

  it('goes on as it began when it is enabled before it ended', async () => {
    const test = await TestEngine.open();
    const told = await change(test, 'ENABLED');
    await test.clock.advance(hourMs);
    await change(test, 'DISABLED');
    await test.clock.advance(hourMs);
    expect(await change(test, 'ENABLED')).toEqual(told);
    await test.clock.advance(30 * hourMs);
    expect(await look(test)).toEqual(told);
    const { EndedAt, Status } = await change(test, 'DISABLED');
    expect(Status).toBe('DISABLED');
    expect(EndedAt!.getTime()).toBe(told.StartedAt!.getTime() + 32 * hourMs);
    await test.engine.close();
  });
});
