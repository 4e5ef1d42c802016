/** What stands between two channels of a test. */
import { Emitter } from '../../src/base/emitter.ts';
import type { MessagePortLike } from '../../src/protocol/channel.ts';

/** Two ends of one wire; messages are cloned as postMessage clones them. */
export function wire(): [MessagePortLike, MessagePortLike] {
  const toLeft = new Emitter<unknown>();
  const toRight = new Emitter<unknown>();
  const send = (to: Emitter<unknown>) => (message: unknown) => {
    const copy = structuredClone(message);
    queueMicrotask(() => to.fire(copy));
  };
  return [
    { post: send(toRight), onMessage: toLeft.event },
    { post: send(toLeft), onMessage: toRight.event },
  ];
}
