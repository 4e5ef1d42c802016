/** Runs a control: finds the engine of a data folder by its lock, asks it, prints what it says as JSON. */
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { homedir } from 'node:os';
import path from 'node:path';
import type { JournalPage } from '../admin/controls.ts';
import { delay } from '../base/clock.ts';
import { codeOf, messageOf } from '../base/errors.ts';
import { lockPath } from '../engine/folder/acquireLock.ts';
import { decodeLock, type LockRecord } from '../engine/folder/lockRecord.ts';
import type { ImportTarget } from '../migrate/importKinesisLocal.ts';
import type { ControlOrder } from './controlOrder.ts';
import { defaultFolder } from './defaultFolder.ts';
import { exitCodes, StartFailure } from './exitCodes.ts';
import { type ImportOrder, importByCommand } from './importFile.ts';
import { nodeClock } from './nodeClock.ts';
import { probeEngine } from './probeEngine.ts';

export interface ControlOptions {
  /** Undefined: the default folder. */
  readonly data: string | undefined;
  readonly order: ControlOrder;
}

/** Between two questions for new calls. */
const followMs = 250;

/** Resolves once a line is out. */
type Print = (line: string) => Promise<void>;

/** Resolves to the exit code. Rejects only for a defect. */
export async function control({ data, order }: ControlOptions, print: Print): Promise<number> {
  try {
    const machine = { platform: process.platform, home: homedir(), env: process.env };
    const engine = await runningEngine(path.resolve(data ?? defaultFolder(machine)));
    if (order.kinesisLocal) return await runImport(order.kinesisLocal, { engine, print });
    const body = await bodyOf(order);
    if (order.follows) return await follow(engine, print);
    const answer = await ask(engine, { route: order.route, body });
    for (const line of linesOf(answer, order.prints)) await print(line);
    return exitCodes.ok;
  } catch (thrown) {
    if (!(thrown instanceof StartFailure)) throw thrown;
    process.stderr.write(`shardscope: ${thrown.message}\n`);
    return thrown.exitCode;
  }
}

/** The engine that holds `folder`; its nonce goes to nobody who has not proved to know it. */
async function runningEngine(folder: string): Promise<LockRecord> {
  const bytes = await readFile(path.join(folder, lockPath)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw failure(`The lock of ${folder} cannot be read: ${messageOf(error)}.`, 'folder');
  });
  const lock = bytes && decodeLock(bytes);
  if (lock?.endpoint && (await probeEngine(lock))) return lock;
  throw failure(
    `No engine answers for ${folder}. Start one with "shardscope serve", or name its folder with --data.`,
    'notRunning',
  );
}

const failure = (message: string, code: 'folder' | 'notRunning' | 'refused' | 'usage') =>
  new StartFailure(message, { code: 'FAILED', exitCode: exitCodes[code] });

async function bodyOf({ body, folder, shardsFile }: ControlOrder): Promise<object> {
  if (folder !== undefined) return { ...body, folder: path.resolve(folder) };
  if (shardsFile === undefined) return body;
  return { ...body, shards: shardsIn(await textOf(shardsFile), shardsFile) };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw failure(`${file} cannot be read: ${messageOf(error)}.`, 'usage');
  }
}

/** The shards of a ListShards answer as the AWS CLI prints it, or of its array alone. */
function shardsIn(text: string, file: string): unknown {
  try {
    const value = JSON.parse(text) as { Shards?: unknown };
    return Array.isArray(value) ? value : value.Shards;
  } catch {
    throw failure(`${file} is not JSON; "aws kinesis list-shards" prints what is needed.`, 'usage');
  }
}

/** A line for each stream. */
async function runImport(
  order: ImportOrder,
  { engine, print }: { engine: LockRecord; print: Print },
): Promise<number> {
  const { imported, deleting } = await importByCommand(order, targetOf(engine));
  for (const stream of imported) await print(JSON.stringify(stream));
  for (const name of deleting) {
    process.stderr.write(`shardscope: Stream ${name} was being deleted, and is left out.\n`);
  }
  return exitCodes.ok;
}

function targetOf(engine: LockRecord): ImportTarget {
  const to = (route: string, body: object) => ask(engine, { route, body }) as Promise<never>;
  return {
    beginImport: (plan) => to('begin-import', plan),
    addRecords: (batch) => to('add-records', batch),
    finishImport: (id) => to('finish-import', { id }),
    cancelImport: (id) => to('cancel-import', { id }),
  };
}

/** Ends with the engine, or with whoever reads. */
async function follow(engine: LockRecord, print: Print): Promise<never> {
  let after: number | undefined;
  for (;;) {
    const body = after === undefined ? {} : { after };
    const page = (await ask(engine, { route: 'journal', body })) as JournalPage;
    if (page.missed > 0) await print(JSON.stringify({ missed: page.missed }));
    for (const line of linesOf(page)) await print(line);
    const isAtEnd = page.entries.length === 0 || after === undefined;
    after = page.next;
    if (isAtEnd) await delay(nodeClock, followMs);
  }
}

/** A list is a line each, so that the next program can take them one by one. */
function linesOf(answer: unknown, member?: string): string[] {
  if (member !== undefined) return [String((answer as Record<string, unknown>)[member]).trimEnd()];
  const { faults, snapshots, entries } = answer as Record<string, readonly object[] | undefined>;
  const list = faults ?? snapshots ?? entries;
  if (list) return list.map((item) => JSON.stringify(item));
  return Object.keys(answer as object).length === 0 ? [] : [JSON.stringify(answer)];
}

/** The engine's answer. Rejects with StartFailure when it refuses or goes away. */
async function ask(
  { endpoint, nonce }: LockRecord,
  { route, body }: { route: string; body: object },
): Promise<unknown> {
  const { status, text } = await post(`${endpoint}/_shardscope/${route}`, { nonce, body }).catch(
    (error: unknown) => {
      throw failure(`The engine at ${endpoint} went away: ${messageOf(error)}.`, 'notRunning');
    },
  );
  const answer = JSON.parse(text) as { message?: string };
  if (status === 200) return answer;
  throw failure(answer.message ?? `The engine answered ${status}.`, 'refused');
}

/** Without a time limit: a step over many days, or a large snapshot, takes what it takes. */
function post(
  url: string,
  { nonce, body }: { nonce: string; body: object },
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-shardscope-nonce': nonce, 'content-type': 'application/json' };
    const request = http.request(url, { method: 'POST', headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
}
