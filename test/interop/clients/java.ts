// The SDK for Java, which sends CBOR, and the Kinesis Client Library on top of it.

import { classPath } from '../support/setup.ts';
import { awsEnvironment, type Client, clientMs } from './client.ts';
import { runDriver } from './driver.ts';

/** Small heaps start faster; the fields of AWS's shapes are of no use to a compiler of the second tier. */
const java = ['java', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-cp', classPath];

/** Longer than the driver's own limits, whose messages say more. */
const withinMs = clientMs * 2;

const sdkWays = [
  ['sync', 'CBOR over HTTP/1.1, synchronous client, polling'],
  ['async', 'CBOR over h2c, asynchronous client, polling'],
  ['subscribing', 'CBOR over h2c, asynchronous client, subscribeToShard'],
] as const;

const sdkClients = sdkWays.map(
  ([way, did]): Client => ({
    name: 'SDK for Java 2',
    needs: 'java',
    did,
    run: runDriver({
      command: ({ endpoint, planFile }) => ({
        argv: [...java, 'SdkDriver', endpoint, planFile, way],
        env: awsEnvironment,
        withinMs,
      }),
    }),
  }),
);

const kclClients = (['polling', 'fanOut'] as const).map(
  (way): Client => ({
    name: 'Kinesis Client Library',
    needs: 'java',
    did: `one worker, ${way === 'polling' ? 'polling' : 'fan-out'}, CBOR over h2c, leases in moto`,
    run: runDriver({
      command: async ({ endpoint, planFile, dynamoDb }) => ({
        argv: [...java, 'KclDriver', endpoint, planFile, way, await dynamoDb()],
        env: awsEnvironment,
        withinMs,
      }),
    }),
  }),
);

export const javaClients: readonly Client[] = [...sdkClients, ...kclClients];
