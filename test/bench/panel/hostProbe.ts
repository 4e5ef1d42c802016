// What a fixture in the extension host tells: its event loop, its worker's messages, a bare webview's time.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { vi } from 'vitest';
import type { TailTick } from '../../../src/protocol/tail.ts';
import type { Workbench } from '../../ui/support/workbench.ts';

/** A folder with this file has the fixture. */
export const wantsProbe = { 'hostProbe.wanted': '' };

interface Answers {
  process: { pid: number };
  openPage: object;
  closeEditors: object;
  post: { sentMs: number };
  startDelay: object;
  delay: { p99Ms: number; maxMs: number };
  startCounts: object;
  counts: Record<string, number>;
  tick: Partial<TailTick>;
}

const nanosPerMs = 1e6;

export class HostProbe {
  private readonly port: number;
  private readonly pid: number;

  private constructor({ port, pid }: { port: number; pid: number }) {
    this.port = port;
    this.pid = pid;
  }

  /** Waits until the window's fixture answers. */
  static async of({ folder }: Workbench): Promise<HostProbe> {
    const look = (): number | undefined => {
      try {
        return JSON.parse(readFileSync(path.join(folder, 'hostProbe.json'), 'utf8')).port;
      } catch {
        return undefined; // not there yet
      }
    };
    const port = (await vi.waitUntil(look, { timeout: 60_000, interval: 100 })) as number;
    const { pid } = await new HostProbe({ port, pid: 0 }).ask('process');
    return new HostProbe({ port, pid });
  }

  async ask<N extends keyof Answers>(what: N, input: Record<string, string> = {}) {
    const address = `http://127.0.0.1:${this.port}/${what}?${new URLSearchParams(input)}`;
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${what} was answered with ${response.status}`);
    return (await response.json()) as Answers[N];
  }

  /** CPU of the host's main thread since it began, in milliseconds; its workers are not in it. */
  mainThreadMs(): number {
    const account = readFileSync(`/proc/${this.pid}/task/${this.pid}/schedstat`, 'latin1');
    return Number(account.split(' ')[0]) / nanosPerMs;
  }

  /** Waits until the tick that was told last is like that. */
  async untilTick(isWanted: (tick: Partial<TailTick>) => boolean): Promise<Partial<TailTick>> {
    const look = async (): Promise<Partial<TailTick> | undefined> => {
      const tick = await this.ask('tick');
      return isWanted(tick) ? tick : undefined;
    };
    return (await vi.waitUntil(look, { timeout: 90_000, interval: 50 })) as Partial<TailTick>;
  }
}
