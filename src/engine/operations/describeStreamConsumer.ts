/** DescribeStreamConsumer: one consumer, whatever its state. */
import { findConsumer, shownConsumer } from '../consumers.ts';
import { arnOf } from '../describe.ts';
import type { Handler } from '../engineParts.ts';

export const describeStreamConsumer: Handler<'DescribeStreamConsumer'> = async (engine, call) => {
  const { stream, consumer } = findConsumer(engine, call);
  return { ConsumerDescription: { ...shownConsumer(stream, consumer), StreamARN: arnOf(stream) } };
};
