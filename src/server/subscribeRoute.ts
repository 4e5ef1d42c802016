/** Sends a subscription's events as they come, each when the client has taken the one before. */
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { KinesisError } from '../kinesis/errors.ts';
import type {
  SubscribeToShardEvent,
  SubscribeToShardOutput,
} from '../kinesis/operations/subscribeToShard.ts';
import type { AnswerStream, Exchange } from './exchange.ts';

const streamType = ['Content-Type', 'application/vnd.amazon.eventstream'];

type Events = AsyncIterator<{ readonly SubscribeToShardEvent: SubscribeToShardEvent }>;

/** Makes the frames of one subscription, in the encoding of its client. */
export interface EventFrames {
  initialResponse(): Uint8Array;
  event(event: SubscribeToShardEvent): Uint8Array;
  exception(error: KinesisError): Uint8Array;
}

export interface StreamParts {
  readonly output: SubscribeToShardOutput;
  readonly frames: EventFrames;
  readonly logger: Logger;
}

/** Resolves when the stream is over, or the client gone. Never rejects. */
export async function sendEvents(exchange: Exchange, parts: StreamParts): Promise<void> {
  const events = parts.output.EventStream[Symbol.asyncIterator]();
  const answer = exchange.stream({ status: 200, headers: streamType });
  const leave = (): void => void events.return?.();
  exchange.whenClosed(leave);
  if (!answer) return;
  try {
    await answer.write(parts.frames.initialResponse());
    await sendAll(exchange, { events, answer, frames: parts.frames });
  } catch (thrown) {
    await answer.write(failureFrame(thrown, parts));
  }
  answer.end();
}

async function sendAll(
  exchange: Exchange,
  { events, answer, frames }: { events: Events; answer: AnswerStream; frames: EventFrames },
): Promise<void> {
  while (!exchange.isClosed) {
    const { value, done } = await events.next();
    if (done) return;
    await answer.write(frames.event(value.SubscribeToShardEvent));
  }
}

/** What AWS's model has as an exception of the stream is sent as one; the rest is a fault. */
function failureFrame(thrown: unknown, { frames, logger }: StreamParts): Uint8Array {
  if (thrown instanceof KinesisError) return frames.exception(thrown);
  logger.error(`a subscription failed: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  return frames.exception(new KinesisError('InternalFailureException', messageOf(thrown)));
}
