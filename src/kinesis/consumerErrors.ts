/** What the operations on consumers refuse with. It only words. */
import { KinesisError, limitExceeded, type StreamId } from './errors.ts';

/** Which consumer a sentence speaks of. */
export interface ConsumerId {
  readonly stream: StreamId;
  readonly consumer: string;
}

/** @source measured: second hand. */
export const consumerNotFound = (consumer: string, account: string): KinesisError =>
  new KinesisError(
    'ResourceNotFoundException',
    `Consumer ${consumer}, account ${account} not found.`,
  );

/** @source guessed: wording. */
export const consumerExists = ({ consumer, stream }: ConsumerId): KinesisError =>
  new KinesisError(
    'ResourceInUseException',
    `Consumer ${consumer} under stream ${stream.name} already exists for account ${stream.account}.`,
  );

/** @source measured: the spacing too. */
export const consumerNotActive = (
  { consumer, stream }: ConsumerId,
  createdSeconds: number,
): KinesisError =>
  new KinesisError(
    'ResourceInUseException',
    `Consumer ${consumer} with creation timestamp ${createdSeconds} under stream: ${stream.name} , ` +
      `account ${stream.account} is not in ACTIVE status.`,
  );

/** @source guessed: wording. */
export const consumersBeingCreated = ({ stream }: ConsumerId, limit: number): KinesisError =>
  limitExceeded(
    'This request would exceed the limit on the number of consumers that can simultaneously be in ' +
      `CREATING for stream ${stream.name} under account ${stream.account}. Limit: ${limit}.`,
  );

/** @source guessed: wording. */
export const tooManyConsumers = ({ stream }: ConsumerId, limit: number): KinesisError =>
  limitExceeded(
    `This request would exceed the limit on consumers for stream ${stream.name} under account ` +
      `${stream.account}. Limit: ${limit}.`,
  );

/** @source measured */
export const streamHasConsumers = ({ account, name }: StreamId): KinesisError =>
  new KinesisError(
    'ResourceInUseException',
    `DeleteStream can\u2019t delete ${account}:${name} because there are consumers associated with this ` +
      `data stream. To delete ${name} anyway, set the EnforceConsumerDeletion parameter to true to force ` +
      'the deletion of all the consumers that are associated with it.',
  );

/** Of a subscription that has another one beside it or after it. @source measured: the in-stream text. */
export const anotherSubscription = (
  { consumer, stream }: ConsumerId,
  shard: string,
): KinesisError =>
  new KinesisError(
    'ResourceInUseException',
    'Another active subscription exists for this consumer: ' +
      `${stream.account}:${stream.name}:${shard}:${consumer}`,
  );

/** @source guessed: wording. */
export const subscribedTooOften = ({ consumer, stream }: ConsumerId, shard: string): KinesisError =>
  limitExceeded(
    `Rate exceeded for consumer ${consumer} and shard ${shard} in stream ${stream.name} under account ` +
      `${stream.account}.`,
  );

/** A consumer is named by its ARN, or by its name and its stream's ARN. @source guessed: wording. */
export const noConsumerNamed = (): KinesisError =>
  new KinesisError(
    'InvalidArgumentException',
    'Either ConsumerARN or both StreamARN and ConsumerName should be provided.',
  );

/** @source guessed: wording. */
export const differentConsumers = (): KinesisError =>
  new KinesisError(
    'InvalidArgumentException',
    'StreamARN and ConsumerName do not name the consumer of ConsumerARN.',
  );
