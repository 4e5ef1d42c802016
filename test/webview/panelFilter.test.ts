// The filter of the box and that of the tail: what was asked for last holds, in whichever order ticks and answers come.
import { expect, test } from 'vitest';
import { Channel } from '../../src/protocol/channel.ts';
import { packTick } from '../../src/protocol/packedTick.ts';
import type { PanelEvents, PanelMethods } from '../../src/protocol/panel.ts';
import { Panel } from '../../webview/state/panel.ts';
import { tailTick } from '../support/tailTick.ts';
import { TestClock } from '../support/testClock.ts';
import { wire } from '../support/wire.ts';

type Served = Pick<PanelMethods, 'ready' | 'filter' | 'noteQuery'>;

const delivered = () => new Promise((resolve) => setImmediate(resolve));

async function opened() {
  const [left, right] = wire();
  const host = new Channel<Record<string, never>, Record<string, never>, PanelEvents>(right);
  const asked: string[] = [];
  /** Answers that wait to be given, as to calls that take a while; true: it was done. */
  const answers: ((isDone: boolean) => void)[] = [];
  const answer = async (isDone = true) => {
    answers.shift()!(isDone);
    await delivered();
  };
  host.serve<Served>({
    ready: () => undefined,
    noteQuery: () => undefined,
    filter: ({ text }) => {
      asked.push(text);
      return new Promise((resolve, reject) =>
        answers.push((isDone) => (isDone ? resolve() : reject(new Error('The tail was closed.')))),
      );
    },
  });
  const clock = new TestClock();
  const panel = new Panel({
    host: new Channel<PanelMethods, PanelEvents, Record<string, never>>(left),
    clock,
    timeZone: () => 'UTC',
    utcOffsetMinutes: () => 0,
    savedState: () => undefined,
    saveState: () => undefined,
  });
  await panel.start();
  const tick = async (filter: string) => {
    host.emit('tick', packTick(tailTick({ filter }), undefined));
    await delivered();
  };
  await tick('F');
  return { panel, asked, answer, tick, box: () => panel.store.get().filter };
}

test('a filter that is taken back before its tick came stays taken back', async () => {
  const { panel, asked, answer, tick, box } = await opened();
  panel.useFilter('G');
  panel.useFilter('F');
  await delivered();
  expect(asked).toEqual(['G', 'F']);
  await tick('F');
  await tick('G');
  expect(box()).toBe('F');
  await answer();
  await answer();
  await tick('F');
  expect(box()).toBe('F');
});

test('a filter that is asked for already is not asked for again', async () => {
  const { panel, asked, answer, tick } = await opened();
  panel.useFilter('G');
  panel.useFilter('G');
  await delivered();
  await answer();
  panel.useFilter('G');
  await tick('G');
  panel.useFilter('G');
  await delivered();
  expect(asked).toEqual(['G']);
});

test('the filter of a link comes into the box, unless something else is being written there', async () => {
  const { panel, tick, answer, box } = await opened();
  await tick('link');
  expect(box()).toBe('link');
  panel.useFilter('G');
  await delivered();
  await answer();
  await tick('another link');
  expect(box()).toBe('another link');
  panel.typeFilter('wri');
  await tick('a third one');
  expect(box()).toBe('wri');
});

test('a filter that was refused stays in the box, and is asked for again', async () => {
  const { panel, asked, answer, tick, box } = await opened();
  panel.useFilter('G');
  await delivered();
  await answer(false);
  await tick('F');
  expect(box()).toBe('G');
  panel.useFilter('G');
  await delivered();
  expect(asked).toEqual(['G', 'G']);
});

test('a filter with line breaks comes into the box in one line, and means the same', async () => {
  const { panel, tick, asked, box } = await opened();
  await tick('not $.note = "a\nb"\nkey:x');
  expect(box()).toBe('not $.note = "a\\u000ab" key:x');
  panel.useFilter(box());
  await delivered();
  expect(asked).toEqual([]);
  panel.useFilter('size>\n$.a');
  expect(box()).toBe('size> $.a');
});
