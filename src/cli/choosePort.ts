/** Opens the port: the one asked for, the folder's own, or 4567; keeps it in the folder for the next time. */
import { type Clock, delay } from '../base/clock.ts';
import { codeOf } from '../base/errors.ts';
import type { Files } from '../engine/log/files.ts';
import type { RunningServer } from '../server/server.ts';
import { exitCodes, StartFailure } from './exitCodes.ts';
import { portOwner } from './portOwner.ts';

export const defaultPort = 4567;
/** How long the folder's own port is waited for: an application's `.env` names it. */
const retryMs = 5_000;
const retryPauseMs = 100;

export interface PortChoice {
  readonly files: Files;
  readonly clock: Clock;
  /** As asked for; undefined: no wish. 0: any, the folder's own before others. */
  readonly wanted: number | undefined;
  /** Without a wish and without a port of its own, take any free one when 4567 is taken. */
  readonly mayMove: boolean;
  listen(port: number): Promise<RunningServer>;
}

const path = 'port';

/** Rejects with StartFailure when the port is taken. */
export async function listenOnChosenPort(choice: PortChoice): Promise<RunningServer> {
  const own = await rememberedPort(choice.files);
  const server = await listen(choice, own);
  if (server.port !== own) {
    await choice.files.replace(path, new TextEncoder().encode(`${server.port}\n`));
  }
  return server;
}

async function rememberedPort(files: Files): Promise<number | undefined> {
  const bytes = await files.readAll(path);
  const port = Number(bytes && Buffer.from(bytes).toString('utf8').trim());
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

async function listen(choice: PortChoice, own: number | undefined): Promise<RunningServer> {
  const { wanted, clock } = choice;
  const isAny = wanted === 0 || (wanted === undefined && own === undefined && choice.mayMove);
  const port = wanted || own || (wanted === 0 ? 0 : defaultPort);
  const untilMs = clock.monotonic() + (port === own && !isAny ? retryMs : 0);
  for (;;) {
    try {
      return await choice.listen(port);
    } catch (thrown) {
      if (codeOf(thrown) !== 'EADDRINUSE') throw notAllowed(thrown, port);
      if (isAny) return choice.listen(0);
      if (clock.monotonic() >= untilMs) throw taken(port);
    }
    await delay(clock, retryPauseMs);
  }
}

function taken(port: number): StartFailure {
  const owner = portOwner(port);
  const who = owner ? `process ${owner.pid} (${owner.command})` : 'another process';
  return new StartFailure(
    `Port ${port} is taken by ${who}. End it, or choose another port with --port; ` +
      '--port 0 takes any that is free.',
    { code: 'PORT_TAKEN', exitCode: exitCodes.portTaken },
  );
}

function notAllowed(thrown: unknown, port: number): unknown {
  if (codeOf(thrown) !== 'EACCES') return thrown;
  return new StartFailure(
    `This user may not open port ${port}. Choose one above 1023 with --port.`,
    { code: 'PORT_TAKEN', exitCode: exitCodes.portTaken },
  );
}
