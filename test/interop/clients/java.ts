// The SDK for Java, which sends CBOR, and the Kinesis Client Library on top of it; each also over TLS.

import { classPath } from '../support/setup.ts';
import { trustOptions } from '../support/trustStore.ts';
import { awsEnvironment, type Client, clientMs } from './client.ts';
import { type Driver, type DriverStage, runDriver } from './driver.ts';

/** Small heaps start faster; the fields of AWS's shapes are of no use to a compiler of the second tier. */
const jvm = ['java', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

/** Before the name of a class and its arguments. */
export const java: readonly string[] = [...jvm, '-cp', classPath];

/** Longer than the driver's own limits, whose messages say more. */
export const javaMs = clientMs * 2;

type ArgumentsOf = (
  stage: DriverStage,
  endpoint: string,
) => readonly string[] | Promise<readonly string[]>;

/** Over TLS it trusts the engine's certificate and no other. */
function driverOf(isTls: boolean, argumentsOf: ArgumentsOf): Driver {
  return {
    async command(stage) {
      const { endpoint, certificate } = stage.tls;
      const trust = isTls ? await trustOptions(certificate, stage.folder) : [];
      const words = await argumentsOf(stage, isTls ? endpoint : stage.endpoint);
      const argv = [...jvm, ...trust, '-cp', classPath, ...words];
      return { argv, env: awsEnvironment, withinMs: javaMs };
    },
  };
}

const sdkWays = [
  ['sync', 'CBOR over HTTP/1.1, synchronous client, polling', false],
  ['async', 'CBOR over h2c, asynchronous client, polling', false],
  ['subscribing', 'CBOR over h2c, asynchronous client, subscribeToShard', false],
  ['sync', 'CBOR over HTTP/1.1 and TLS, synchronous client, polling', true],
  ['subscribing', 'CBOR over h2 and TLS, asynchronous client, subscribeToShard', true],
] as const;

const sdkClients = sdkWays.map(
  ([way, did, isTls]): Client => ({
    name: 'SDK for Java 2',
    needs: 'java',
    did,
    run: runDriver(
      driverOf(isTls, ({ planFile }, endpoint) => ['SdkDriver', endpoint, planFile, way]),
    ),
  }),
);

const kclWays = [
  ['polling', 'one worker, polling, CBOR over h2c, leases in moto', false],
  ['fanOut', 'one worker, fan-out, CBOR over h2c, leases in moto', false],
  ['fanOut', 'one worker, fan-out, CBOR over h2 and TLS, leases in moto', true],
] as const;

const kclClients = kclWays.map(
  ([way, did, isTls]): Client => ({
    name: 'Kinesis Client Library',
    needs: 'java',
    did,
    run: runDriver(
      driverOf(isTls, async ({ planFile, dynamoDb }, endpoint) => [
        'KclDriver',
        endpoint,
        planFile,
        way,
        await dynamoDb(),
      ]),
    ),
  }),
);

export const javaClients: readonly Client[] = [...sdkClients, ...kclClients];
