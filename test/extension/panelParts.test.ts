// What stands between a panel's tail and its page: a door that tells when the page is behind, and the tree's rates.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import { LastTick } from '../../src/extension/panels/lastTick.ts';
import { PagePort } from '../../src/extension/panels/pagePort.ts';
import { PanelRates } from '../../src/extension/panels/panelRates.ts';
import { TrafficRates } from '../../src/extension/tree/trafficRates.ts';
import { packTick } from '../../src/protocol/packedTick.ts';
import type { TailTick } from '../../src/protocol/tail.ts';

const place = { connection: 'local', stream: 'flights' };

function tick(recordsPerSecond: number, state: TailTick['state'] = 'live'): TailTick {
  return { tail: 1, state, recordsPerSecond, shards: [] } as unknown as TailTick;
}

describe('PagePort', () => {
  function port() {
    const arrivals: (() => void)[] = [];
    const webview = {
      onDidReceiveMessage: () => ({ dispose: () => {} }),
      postMessage: () => new Promise<boolean>((resolve) => arrivals.push(() => resolve(true))),
    };
    return { page: new PagePort(webview as unknown as vscode.Webview), arrivals };
  }
  const settled = () => new Promise<void>((done) => setImmediate(done));

  test('is behind until all that it was told has arrived', async () => {
    const { page, arrivals } = port();
    expect(page.isBehind).toBe(false);
    page.post('one');
    page.post('two');
    arrivals[0]!();
    await settled();
    expect(page.isBehind).toBe(true);
    arrivals[1]!();
    await settled();
    expect(page.isBehind).toBe(false);
  });

  test('a new page owes nothing for the one before', async () => {
    const { page, arrivals } = port();
    page.post('lost');
    page.renewed();
    expect(page.isBehind).toBe(false);
    arrivals[0]!();
    await settled();
    page.post('one');
    expect(page.isBehind).toBe(true);
  });
});

describe('PanelRates', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  function setUp() {
    const rates = new TrafficRates();
    const last = new LastTick();
    const panel = new PanelRates({ rates, tick: last, place: () => place });
    const take = (told: TailTick): void => {
      last.take(packTick(told));
      panel.tick();
    };
    return { rates, panel, take };
  }

  test('tells the first tick at once, then the last of each second', () => {
    const { rates, take } = setUp();
    for (let rate = 1; rate <= 10; rate++) {
      take(tick(rate));
      vi.advanceTimersByTime(99);
    }
    expect(rates.ofStream(place)).toBe(1);
    vi.advanceTimersByTime(10);
    expect(rates.ofStream(place)).toBe(10);
    take(tick(0, 'paused'));
    vi.advanceTimersByTime(1000);
    expect(rates.ofStream(place)).toBeUndefined();
    vi.advanceTimersByTime(1000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('forgets, and notes nothing of what was under way', () => {
    const { rates, panel, take } = setUp();
    take(tick(5));
    vi.advanceTimersByTime(1000);
    take(tick(6));
    panel.forget();
    vi.advanceTimersByTime(5000);
    expect(rates.ofStream(place)).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });
});
