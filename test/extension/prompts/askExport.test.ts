// What an export is asked for, by a user whose zone and whose stream's clock are not those of this process.
import { expect, test, vi } from 'vitest';
import type { ExportedRange } from '../../../src/protocol/export.ts';
import { berlin, nowMs, runningAt, timesOf } from '../support/times.ts';

vi.mock('vscode', () => ({
  workspace: { getConfiguration: () => ({ get: (_: string, other: unknown) => other }) },
}));

const typed: string[] = [];
const chosen: string[] = [];
vi.mock('../../../src/extension/prompts/choose.ts', () => ({
  hint: (text: string) => text,
  askText: async ({ value = '' }: { value?: string }) => typed.shift() ?? value,
  choose: async (_: unknown, choices: { label: string; value: unknown }[]) => {
    const label = chosen.shift()!;
    return choices.find((choice) => choice.label.startsWith(label))!.value;
  },
}));

const { askExportWhat } = await import('../../../src/extension/prompts/askExport.ts');
const place = { connection: 'local', stream: 'orders' };
const hourMs = 3_600_000;

async function asked(answers: { chosen: string[]; typed?: string[] }, times = timesOf()) {
  times.tell(berlin);
  typed.splice(0, typed.length, ...(answers.typed ?? []));
  chosen.splice(0, chosen.length, 'A time range', ...answers.chosen);
  const filter = 'arrived:14:00..15:00';
  const held = { ...place, tail: 1, filter, held: 10, matching: 10 };
  const what = await askExportWhat(place, { title: 'Export', held, pinned: [], times });
  return what as ExportedRange;
}

test('the filter of a tail means the same in an export of a range', async () => {
  const { query } = await asked({ chosen: ['The oldest', 'Now'] });
  expect(query).toEqual({ text: 'arrived:14:00..15:00', timeZone: berlin });
});

test("times of day are those of the user's clock", async () => {
  const range = await asked({ chosen: ['A time or', 'A time…'], typed: ['13:05', '14:05'] });
  expect(range.start).toEqual({ type: 'AT_TIMESTAMP', timestampMs: nowMs - hourMs });
  expect(range.toMs).toBe(nowMs);
});

test("how long ago goes by the clock of the stream's engine", async () => {
  const aheadMs = 3 * hourMs;
  const times = timesOf({ engine: runningAt({ aheadMs, rate: 1 }) });
  const start = { type: 'AT_TIMESTAMP', timestampMs: nowMs + aheadMs - hourMs };
  expect((await asked({ chosen: ['1 hour ago', 'Now'] }, times)).start).toEqual(start);
  const typedAge = { chosen: ['A time or', 'Now'], typed: ['1h'] };
  expect((await asked(typedAge, times)).start).toEqual(start);
});
