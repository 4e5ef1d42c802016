// Consumers of a stream, for workloads that subscribe.
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from './client.ts';

interface Described {
  readonly StreamDescriptionSummary: { readonly StreamARN: string };
}

interface Registered {
  readonly Consumer: { readonly ConsumerARN: string };
}

interface DescribedConsumer {
  readonly ConsumerDescription: { readonly ConsumerStatus: string };
}

/** Registers consumers and resolves to their ARNs once they are active. */
export async function registerConsumers(
  client: Client,
  { stream, count }: { stream: string; count: number },
): Promise<string[]> {
  const described = await client.call<Described>('DescribeStreamSummary', { StreamName: stream });
  const { StreamARN } = described.StreamDescriptionSummary;
  const arns: string[] = [];
  for (let index = 0; index < count; index++) {
    const input = { StreamARN, ConsumerName: `consumer-${index}` };
    const { Consumer } = await client.call<Registered>('RegisterStreamConsumer', input);
    arns.push(Consumer.ConsumerARN);
    await untilActive(client, Consumer.ConsumerARN);
  }
  return arns;
}

async function untilActive(client: Client, ConsumerARN: string): Promise<void> {
  for (;;) {
    const input = { ConsumerARN };
    const found = await client.call<DescribedConsumer>('DescribeStreamConsumer', input);
    if (found.ConsumerDescription.ConsumerStatus === 'ACTIVE') return;
    await pause(5);
  }
}

/** What SubscribeToShard is asked, for what comes from now on. */
export const subscriptionTo = (ConsumerARN: string, ShardId: string): object => ({
  ConsumerARN,
  ShardId,
  StartingPosition: { Type: 'LATEST' },
});
