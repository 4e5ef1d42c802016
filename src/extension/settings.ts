/** The user's settings, read where they are used and never kept, so that a change counts at once. */
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { StreamSeed } from '../admin/adminApi.ts';
import { MIB } from '../kinesis/limits.ts';
import type { EngineOptions } from './engine/engineOptions.ts';

const read = (scope?: vscode.ConfigurationScope): vscode.WorkspaceConfiguration =>
  vscode.workspace.getConfiguration('shardscope', scope ?? null);

/** An AWS connection as it stands in the settings; `name` is unique. */
export interface ConnectionSetting {
  readonly name: string;
  readonly profile?: string;
  readonly region: string;
  readonly endpoint?: string;
}

/** `defaultFolder`: where data goes when the user names no folder. */
export function readEngineOptions(defaultFolder: string): EngineOptions {
  const settings = read();
  return {
    folder: absolute(settings.get('local.dataFolder', '')) ?? defaultFolder,
    port: settings.get('local.port', 4567),
    durability: settings.get('local.durability', 'written'),
    limits: settings.get('local.limits', 'warn'),
    sizeLimit: settings.get('local.folderSizeLimit', '4 GiB'),
    whenFull: settings.get('local.whenFull', 'refuse'),
    stateDelays: settings.get('local.stateDelays', 'short'),
    scalingPolicy: settings.get('local.scalingPolicy', 'splitAndMerge'),
    auth: settings.get('local.auth', 'any'),
    keysFile: absolute(settings.get('local.keysFile', '')),
    namespaces: settings.get('local.namespaces', 'one'),
    idleExitSeconds: Math.round(settings.get('local.idleExitMinutes', 5) * 60),
  };
}

/** `~` is the home folder and what relative paths start from; undefined for an empty text. */
function absolute(folder: string): string | undefined {
  const text = folder.trim();
  if (text === '') return undefined;
  return path.resolve(os.homedir(), text.replace(/^~(?=$|[/\\])/, '.'));
}

/** Streams that the workspace's folders declare; none until the workspace is trusted. */
export function readDeclaredStreams(): StreamSeed[] {
  if (!vscode.workspace.isTrusted) return [];
  const seeds = new Map<string, StreamSeed>();
  for (const scope of vscode.workspace.workspaceFolders ?? [undefined]) {
    const declared = read(scope?.uri).get<Record<string, number>>('local.streams', {});
    for (const [name, shards] of Object.entries(declared)) seeds.set(name, { name, shards });
  }
  return [...seeds.values()];
}

export function readConnections(): ConnectionSetting[] {
  return read()
    .get<ConnectionSetting[]>('connections', [])
    .filter(({ name, region }) => Boolean(name) && Boolean(region));
}

/** In the settings of the machine that the extension runs on. */
export async function writeConnections(connections: readonly ConnectionSetting[]): Promise<void> {
  await read().update('connections', connections, vscode.ConfigurationTarget.Global);
}

/** The editor warns of values outside of a setting's limits, and takes them. */
const within = (value: number, [least, most]: readonly [number, number]): number =>
  Math.min(most, Math.max(least, Math.trunc(value) || least));

/** How much a tail keeps, and all tails of the window together. */
export function readTailBounds(): { rowsMax: number; bytesMax: number; windowBytesMax: number } {
  const settings = read();
  return {
    rowsMax: within(settings.get('tail.rowsMax', 100_000), [1000, 1_000_000]),
    bytesMax: within(settings.get('tail.bytesMax', 64 * MIB), [MIB, 1024 * MIB]),
    windowBytesMax: within(settings.get('tail.windowBytesMax', 256 * MIB), [MIB, 4096 * MIB]),
  };
}

/** How often a shard of AWS may be asked by a tail, a second. */
export function readAwsReads(): { awsReadsPerSecond: number } {
  const set = Number(read().get('tail.awsReadsPerSecond', 1));
  return { awsReadsPerSecond: Math.min(5, Math.max(0.2, set || 1)) };
}

/** What is to be hidden of records: a workspace adds to the user's own masks and takes none away. */
export function readMasks(): readonly string[] {
  const { globalValue, workspaceValue, workspaceFolderValue } =
    read().inspect<unknown>('tail.mask') ?? {};
  const lists = [globalValue, workspaceValue, workspaceFolderValue].filter(Array.isArray);
  const patterns = lists.flat().filter((pattern) => typeof pattern === 'string');
  return [...new Set(patterns)];
}

export function readTimeZone(): 'local' | 'utc' {
  return read().get('tail.timeZone', 'local');
}

/** Calls `listener` when it is another one, whoever has changed it. */
export function onTimeZone(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration('shardscope.tail.timeZone')) listener();
  });
}

export async function writeTimeZone(timeZone: 'local' | 'utc'): Promise<void> {
  await read().update('tail.timeZone', timeZone, vscode.ConfigurationTarget.Global);
}

/** Where receipts of published records go; undefined when none are wanted. */
export function readReceiptsFolder(): string | undefined {
  return absolute(read().get('publish.receiptsFolder', ''));
}

/** Whether terminals and debugged programs are told where the local engine is. */
export function readEnvironmentEnabled(): boolean {
  return read().get('environment.enabled', true);
}
