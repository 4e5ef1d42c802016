// A window for measuring: an engine without limits, a tail that may hold a million rows, the host's probe.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { forgetEngine } from '../../ui/support/engine.ts';
import { openWindow } from '../../ui/support/openWindow.ts';
import { vscodeServer } from '../../ui/support/server.ts';
import { StreamPanel } from '../../ui/support/streamPanel.ts';
import type { Workbench } from '../../ui/support/workbench.ts';
import { Client } from '../client.ts';
import { createStream } from '../streams.ts';
import { HostProbe, wantsProbe } from './hostProbe.ts';

const GIB = 1024 ** 3;
export const rowsMax = 1_000_000;
export const shards = 4;

/** A file of the window's folder, to have in front of a panel. */
export const otherFile = 'other.txt';

const settings = {
  'shardscope.tail.rowsMax': rowsMax,
  'shardscope.tail.bytesMax': GIB,
  'shardscope.tail.windowBytesMax': 2 * GIB,
};

/** An engine that starts from now on counts no limits. */
function lift(): void {
  const file = path.join(vscodeServer().dir, 'data', 'Machine', 'settings.json');
  const machine = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...machine, 'shardscope.local.limits': 'off' }, null, 2));
}

export interface BenchWindow {
  readonly window: Workbench;
  readonly probe: HostProbe;
  readonly client: Client;
}

export async function openBenchWindow(): Promise<BenchWindow> {
  await forgetEngine();
  lift();
  const files = { ...wantsProbe, [otherFile]: 'in front\n' };
  const viewport = { width: 1600, height: 900 };
  const window = await openWindow({ files, settings, viewport });
  const probe = await HostProbe.of(window);
  await window.openContainer('Kinesis');
  await window.runCommand('Kinesis: Start Local Engine');
  await window.statusBarItem(/Kinesis: \d+/).waitFor();
  const client = await Client.open(vscodeServer().enginePort);
  return { window, probe, client };
}

/** A new stream in a tab, live from now on; resolves to the panel's page. */
export async function openTail(
  { window, probe, client }: BenchWindow,
  stream: string,
): Promise<Frame> {
  const before = (await probe.ask('tick')).tail;
  await client.refresh();
  await createStream(client, { name: stream, shards });
  await window.clickRowAction(window.treeRow('Connections', stream), 'Tail Stream');
  const panel = await StreamPanel.of(window);
  await probe.untilTick(({ tail, state }) => tail !== before && state === 'live');
  return panel.frame;
}
