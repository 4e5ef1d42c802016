// Two engines on one folder that cannot reach each other: who is stopped loses the folder after the other
// has watched it, and once it goes on it writes nothing more. And locks that lie about their process.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ownIdentity } from '../../src/cli/processIdentity.ts';
import { encodeLock, type LockRecord, lockFormat } from '../../src/engine/folder/lockRecord.ts';
import {
  jsonLines,
  readStored,
  type Seen,
  startPublishers,
  type Within,
} from '../support/aws/scripts.ts';
import { checkNamespaces, inNamespaceOf, inNewNamespace } from '../support/netns.ts';
import {
  addressOf,
  type EngineProcess,
  shardscope,
  temporaryFolder,
} from './support/engineProcess.ts';

const engineOn = (folder: string, ...more: string[]): EngineProcess =>
  shardscope(['serve', '--data', folder, '--port', '0', ...more], { within: inNewNamespace });

const besideOf =
  ({ child }: EngineProcess): Within =>
  (argv) =>
    inNamespaceOf(child.pid!, argv);

/** What lies in a folder, file by file, but for what the living holder goes on writing. */
function contentOf(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(path.join(folder, name)).isFile());
  const lasting = files.filter((name) => name !== 'lock' && !name.startsWith('engine.log'));
  const hash = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(path.join(folder, name)))
      .digest('hex');
  return new Map(lasting.map((name) => [name, hash(name)]));
}

const nonceOf = (folder: string): string =>
  JSON.parse(readFileSync(path.join(folder, 'lock'), 'utf8')).nonce;

test.each(['written', 'synced'] as const)(
  'a holder that was stopped and goes on writes nothing more; nothing acknowledged is lost (%s)',
  async (durability) => {
    checkNamespaces();
    const work = temporaryFolder();
    const folder = path.join(work, 'data');
    const file = path.join(work, 'acknowledged');
    writeFileSync(file, '');
    const first = engineOn(folder, '--init', 'orders:4', '--durability', durability);
    const target = { endpoint: await addressOf(first), stream: 'orders' };
    const early = startPublishers({ ...target, file, within: besideOf(first) });
    await early.acknowledged(200);
    first.child.kill('SIGSTOP');

    const second = engineOn(folder, '--durability', durability);
    const endpoint = await addressOf(second);
    expect(nonceOf(folder)).not.toBe('');
    const late = path.join(work, 'late');
    writeFileSync(late, '');
    const there = { endpoint, stream: 'orders', within: besideOf(second) };
    const after = startPublishers({ ...there, file: late });
    await after.acknowledged(200);
    await after.stop();

    const [nonce, before] = [nonceOf(folder), contentOf(folder)];
    first.child.kill('SIGCONT'); // 24 puts were under way, and their clients go on
    expect(await first.exit).toBe(3);
    expect(first.stderr()).toContain('no longer ours');
    const { failures } = await early.stop();
    expect(failures).toBeGreaterThan(0);
    expect(contentOf(folder)).toEqual(before);
    expect(nonceOf(folder)).toBe(nonce);

    const stored = await readStored({ ...there, output: path.join(work, 'stored') });
    const ids = new Set(stored.map(({ sequenceNumber }) => sequenceNumber));
    expect(ids.size).toBe(stored.length);
    const acknowledged = [...jsonLines<Seen>(file), ...jsonLines<Seen>(late)];
    expect(acknowledged.length).toBeGreaterThanOrEqual(400);
    expect(acknowledged.filter(({ sequenceNumber }) => !ids.has(sequenceNumber))).toEqual([]);
  },
);

const own = ownIdentity('0.0.1');

test.each<[string, Partial<LockRecord>]>([
  ['a process number that another program has by now', { pid: process.pid }],
  ['a process of another machine or an earlier start', { pid: process.pid, bootId: 'another' }],
  ['a process of another container', { pid: process.pid, pidSpace: 'pid:[1]' }],
])('a lock that names %s is taken over after it was watched', async (_, claim) => {
  const folder = temporaryFolder();
  const stale = { ...own, format: lockFormat, nonce: 'stale', heartbeat: 7 };
  const endpoint = 'http://127.0.0.1:1';
  writeFileSync(path.join(folder, 'lock'), encodeLock({ ...stale, endpoint, ...claim }));
  const engine = shardscope(['serve', '--data', folder, '--port', '0']);
  await addressOf(engine);
  expect(nonceOf(folder)).not.toBe('stale');
  expect(engine.stderr()).toContain('was taken over');
});
