// The streams whose logs are open: what they had to repair is told, and no more of it is kept than can be read.
import { expect, test } from 'vitest';
import { nullLogger } from '../../src/base/logger.ts';
import type { Log } from '../../src/engine/log/log.ts';
import { type LogOpener, noticesMax, OpenStreams } from '../../src/engine/openStreams.ts';
import { TestClock } from '../support/testClock.ts';

/** Streams named `s0`, `s1`, … whose logs tell `repairs` notices each. */
function streamsOf(repairs: (folder: string) => string[]) {
  const said: string[] = [];
  const log = { lastKey: -1, lastTimeMs: 0 } as Log;
  const openLog: LogOpener = async (folder) => ({ log, notices: repairs(folder) });
  const byId = (id: string) => ({ id, name: `s${id}`, shards: [] });
  const ports = {
    clock: new TestClock(),
    logger: { ...nullLogger, warn: (text: string) => void said.push(text) },
  };
  const catalog = { byId, onDidChange: () => ({ dispose: () => undefined }) };
  type Parts = ConstructorParameters<typeof OpenStreams>[0];
  const streams = new OpenStreams({ ports, catalog, openLog, keyFloor: 0 } as unknown as Parts);
  let changes = 0;
  streams.changed.event(() => changes++);
  return { streams, said, changes: () => changes };
}

test('a notice names its stream, and a log without any tells nothing', async () => {
  const { streams, said, changes } = streamsOf((folder) => (folder.endsWith('1') ? ['a.'] : []));
  await streams.open('0');
  expect([streams.notices, changes()]).toEqual([[], 0]);
  await streams.open('1');
  expect([streams.notices, changes(), said]).toEqual([['Stream s1: a.'], 1, []]);
});

test('the latest notices are kept, and the log is told of those that go', async () => {
  const { streams, said } = streamsOf((folder) => [`${folder} a`, `${folder} b`, `${folder} c`]);
  const opens = Math.ceil(noticesMax / 3) + 1;
  const all: string[] = [];
  for (let id = 0; id < opens; id++) {
    await streams.open(`${id}`);
    for (const end of ['a', 'b', 'c']) all.push(`Stream s${id}: streams/${id} ${end}`);
    expect(streams.notices.length).toBeLessThanOrEqual(noticesMax);
  }
  expect(streams.notices).toEqual(all.slice(-noticesMax));
  expect(said).toEqual(all.slice(0, -noticesMax));
});
