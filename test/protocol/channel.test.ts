import { expect, test } from 'vitest';
import { isKinesisError, KinesisError } from '../../src/kinesis/errors.ts';
import { Channel } from '../../src/protocol/channel.ts';
import { wire } from '../support/wire.ts';

type Far = {
  double(n: number): number;
  refuse(params: Record<string, never>): never;
  wait(params: Record<string, never>): string;
};
type FarEvents = { said: string };

function pair() {
  const [left, right] = wire();
  const near = new Channel<Far, FarEvents, Record<string, never>>(left);
  const far = new Channel<Record<string, never>, Record<string, never>, FarEvents>(right);
  return { near, far };
}

test('call() resolves to the handler’s result', async () => {
  const { near, far } = pair();
  far.serve<Pick<Far, 'double'>>({ double: (n) => n * 2 });
  expect(await near.call('double', 21)).toBe(42);
});

test('call() rejects with a KinesisError that kept its name and status', async () => {
  const { near, far } = pair();
  far.serve<Pick<Far, 'refuse'>>({
    refuse: () => {
      throw new KinesisError('ResourceNotFoundException', 'Stream a under account b not found.');
    },
  });
  const thrown = await near.call('refuse', {}).catch((reason: unknown) => reason);
  expect(isKinesisError(thrown, 'ResourceNotFoundException')).toBe(true);
  expect(thrown).toMatchObject({ message: 'Stream a under account b not found.', status: 400 });
});

test('call() of a method that is not served rejects, also for names of Object.prototype', async () => {
  const { near, far } = pair();
  far.serve({});
  await expect(near.call('double', 1)).rejects.toThrow('no method "double"');
  await expect(near.call('toString' as 'double', 1)).rejects.toThrow('no method "toString"');
});

test('call() aborts the handler when its signal aborts', async () => {
  const { near, far } = pair();
  far.serve<Pick<Far, 'wait'>>({
    wait: (_params, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }),
      ),
  });
  const controller = new AbortController();
  const call = near.call('wait', {}, controller.signal);
  controller.abort();
  await expect(call).rejects.toThrow('stopped');
});

test('call() of what cannot be sent rejects, and leaves nothing behind', async () => {
  const { near } = pair();
  const { signal } = new AbortController();
  const unsendable = (() => 1) as unknown as number;
  await expect(near.call('double', unsendable, signal)).rejects.toThrow(/could not be cloned/);
  expect((near as unknown as { calls: Map<number, unknown> }).calls.size).toBe(0);
});

test('close() rejects open and later calls with its reason and aborts what runs', async () => {
  const { near, far } = pair();
  const aborted = new Promise<void>((resolve) => {
    far.serve<Pick<Far, 'wait'>>({
      wait: (_params, signal) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        far.close(new Error('gone'));
        return new Promise<string>(() => undefined);
      },
    });
  });
  const call = near.call('wait', {});
  await aborted;
  near.close(new Error('The worker ended.'));
  await expect(call).rejects.toThrow('The worker ended.');
  await expect(near.call('double', 1)).rejects.toThrow('The worker ended.');
});

test('on() hears events until disposed', async () => {
  const { near, far } = pair();
  const heard: string[] = [];
  const listening = near.on('said', (text) => heard.push(text));
  far.emit('said', 'one');
  await Promise.resolve();
  listening.dispose();
  far.emit('said', 'two');
  await Promise.resolve();
  expect(heard).toEqual(['one']);
});
