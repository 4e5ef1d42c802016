/** The window's worker thread: all record I/O of a window runs here, and nothing of VS Code. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { assert } from '../base/assert.ts';
import { Emitter } from '../base/emitter.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { Channel, type MessagePortLike } from '../protocol/channel.ts';
import type { WorkerEvents, WorkerStart } from '../protocol/worker.ts';
import { type WorkerChannel, WorkerServices } from './workerServices.ts';

assert(parentPort, 'main.ts runs in a worker thread');
start(parentPort);

function start(port: MessagePort): void {
  const channel: WorkerChannel = new Channel(portOf(port));
  const logger = loggerOf(channel);
  const services = new WorkerServices(channel, { logger, ...(workerData as WorkerStart | null) });
  // A defect in one tail or job must not end the others; it is said, and the thread goes on.
  process.on('uncaughtException', (thrown) =>
    logger.error(`Defect in the worker: ${stackOf(thrown)}`),
  );
  process.on('unhandledRejection', (thrown) =>
    logger.error(`Defect in the worker: ${stackOf(thrown)}`),
  );
  port.on('close', () => services.dispose());
}

function portOf(port: MessagePort): MessagePortLike {
  const messages = new Emitter<unknown>();
  port.on('message', (message) => messages.fire(message));
  return { post: (message) => port.postMessage(message), onMessage: messages.event };
}

function loggerOf(channel: WorkerChannel): Logger {
  const at = (level: WorkerEvents['log']['level']) => (message: string) =>
    channel.emit('log', { level, message });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

const stackOf = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown);
