/** Sends a subscription's events as they come, each when the client has taken the one before. */
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { KinesisError } from '../kinesis/errors.ts';
import type { SubscribeToShardOutput } from '../kinesis/operations/subscribeToShard.ts';
import type { SubscribeToShardEvent } from '../kinesis/subscribeToShardEvent.ts';
import type { Codec } from './codec.ts';
import { eventStreamType, SubscriptionFrames } from './eventStream/subscriptionFrames.ts';
import type { AnswerStream, Exchange } from './exchange.ts';

type Events = AsyncIterator<{ readonly SubscribeToShardEvent: SubscribeToShardEvent }>;

export interface StreamParts {
  readonly output: SubscribeToShardOutput;
  /** The request's. */
  readonly codec: Codec;
  readonly logger: Logger;
}

/** Resolves when the stream is over, or the client gone. Never rejects. */
export async function sendEvents(exchange: Exchange, parts: StreamParts): Promise<void> {
  const events = parts.output.EventStream[Symbol.asyncIterator]();
  // Before the head: who is gone already must end the subscription too.
  const leave = (): void => void events.return?.();
  exchange.whenClosed(leave);
  const headers = ['Content-Type', eventStreamType];
  const answer = exchange.stream({ status: 200, headers });
  if (!answer) return leave();
  const frames = new SubscriptionFrames(parts.codec);
  try {
    await answer.write(frames.initialResponse());
    await sendAll(exchange, { events, answer, frames });
  } catch (thrown) {
    await answer.write(frames.failure(failureOf(thrown, parts.logger)));
  }
  answer.end();
}

async function sendAll(
  exchange: Exchange,
  { events, answer, frames }: { events: Events; answer: AnswerStream; frames: SubscriptionFrames },
): Promise<void> {
  while (!exchange.isClosed) {
    const { value, done } = await events.next();
    if (done) return;
    await answer.write(frames.event(value.SubscribeToShardEvent, Buffer.allocUnsafe));
  }
}

/** What is not an exception of Kinesis is a defect or the disk's: logged, and told with its sentence. */
function failureOf(thrown: unknown, logger: Logger): Pick<Error, 'name' | 'message'> {
  if (thrown instanceof KinesisError) return thrown;
  logger.error(`a subscription failed: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  return { name: 'InternalFailure', message: messageOf(thrown) };
}
