// Sends requests of all kinds to an engine behind its server, and complains of a crash, a hang or a 500.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OperationName } from '../../src/kinesis/operations.ts';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';
import { send } from './client.ts';
import { type Codec, type FuzzRequest, listStreams, requestOf } from './requests.ts';
import { openTarget, type Target } from './target.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Requests to send. */
  readonly count: number;
  /** Where the product's sources are: this checkout's, or a copy with a bug in it. */
  readonly sources?: string;
  readonly onProgress?: (totals: Totals) => void;
}

export interface Totals {
  requests: number;
  /** How many reached an operation. */
  reached: number;
  readonly byOperation: Map<string, number>;
  readonly byCodec: Map<Codec, number>;
  readonly complaints: string[];
}

/** So many are under way at a time. */
const width = 8;
/** An answer takes a thousandth of it; a hang takes for ever. */
const silenceMs = 20_000;
const brokenSilenceMs = 30;
/** Every so many requests a body is sent that is too large for any server. */
const oversizedEvery = 400;
const oversizedBytes = 17 * 1024 ** 2;
/** Above what an engine in use needs, and far below what an unchecked length asks for. */
const memoryBytesMax = 1024 ** 3;

export async function fuzz(options: FuzzOptions): Promise<Totals> {
  const sources = options.sources ?? path.resolve(import.meta.dirname, '../../src');
  const target = await openTarget(pathToFileURL(`${sources}/`));
  const totals: Totals = {
    ...{ requests: 0, reached: 0, complaints: [] },
    ...{ byOperation: new Map(), byCodec: new Map() },
  };
  const uncaught = (error: unknown): void => {
    totals.complaints.push(`uncaught: ${error instanceof Error ? error.stack : String(error)}`);
  };
  process.on('uncaughtException', uncaught).on('unhandledRejection', uncaught);
  try {
    await new Run(target, { options, totals }).go();
  } finally {
    process.off('uncaughtException', uncaught).off('unhandledRejection', uncaught);
    await target.close();
  }
  return totals;
}

class Run {
  private readonly target: Target;
  private readonly options: FuzzOptions;
  private readonly totals: Totals;
  private readonly random: SeededRandom;

  constructor(target: Target, of: { options: FuzzOptions; totals: Totals }) {
    this.target = target;
    this.options = of.options;
    this.totals = of.totals;
    this.random = seededRandom(of.options.seed);
  }

  async go(): Promise<void> {
    const { totals, options } = this;
    const work = async (): Promise<void> => {
      while (totals.requests < options.count && totals.complaints.length === 0) {
        const number = ++totals.requests;
        await this.one(number);
        if (number % 1000 === 0) options.onProgress?.(totals);
      }
    };
    await Promise.all(Array.from({ length: width }, work));
    if (totals.complaints.length === 0) await this.isAlive('after the last request');
  }

  private async one(number: number): Promise<void> {
    if (number % oversizedEvery === 0) await this.tooLarge();
    if (number % 100 === 0) await this.target.seed();
    const request = requestOf({ ...this.target, random: this.random, mark: `fuzz-${number}` });
    const patience = request.isBroken ? brokenSilenceMs : silenceMs;
    const outcome = await send(this.target.port, { bytes: request.bytes, silenceMs: patience });
    this.count(request, this.target.reached.delete(request.mark));
    if (outcome.type === 'answered' && outcome.status >= 500 && !isOfAws(outcome.body)) {
      this.complain(request, `answered ${outcome.status} ${outcome.body.toString('utf8', 0, 300)}`);
    } else if (!request.isBroken && outcome.type !== 'answered') {
      this.complain(request, `was not answered: ${outcome.type}`);
    }
    if (number % 200 === 0) await this.isAlive(`after request ${number}`);
    if (process.memoryUsage.rss() > memoryBytesMax) this.complain(request, 'took over a GiB');
  }

  private async tooLarge(): Promise<void> {
    const bytes = listStreams(oversizedBytes);
    const outcome = await send(this.target.port, { bytes, silenceMs });
    const status = outcome.type === 'answered' ? outcome.status : outcome.type;
    if (status !== 413) this.totals.complaints.push(`a body of 17 MiB was answered with ${status}`);
  }

  private async isAlive(when: string): Promise<void> {
    const outcome = await send(this.target.port, { bytes: listStreams(), silenceMs });
    if (outcome.type === 'answered' && outcome.status === 200) return;
    this.totals.complaints.push(`${when} ListStreams is not answered`);
  }

  private count({ operation, codec }: FuzzRequest, hasReached: boolean): void {
    const { totals } = this;
    if (!hasReached) return;
    totals.reached++;
    totals.byOperation.set(operation, (totals.byOperation.get(operation) ?? 0) + 1);
    totals.byCodec.set(codec, (totals.byCodec.get(codec) ?? 0) + 1);
  }

  private complain({ operation, codec, bytes }: FuzzRequest, what: string): void {
    const shown =
      bytes.length > 2000 ? `${bytes.length} bytes` : JSON.stringify(bytes.toString('latin1'));
    const { seed } = this.options;
    this.totals.complaints.push(
      `seed ${seed}, request ${this.totals.requests}: ${operation} in ${codec} ${what}: ${shown}`,
    );
  }
}

/** Kinesis itself answers a few wrong requests with a bare InternalFailure; so do we. */
const isOfAws = (body: Buffer): boolean =>
  ['{"__type":"InternalFailure"}', '<InternalFailure/>\n'].includes(body.toString());

/** Operations that no request of a run reached. */
export const unreached = (totals: Totals, all: readonly OperationName[]): OperationName[] =>
  all.filter((name) => !totals.byOperation.has(name));
