/**
 * Real Kinesis as a target of the suite: `KINESIS_TARGET=aws` with AWS_REGION, credentials and
 * KINESIS_ACCOUNT (twelve digits) in the environment. It creates and deletes streams, which costs money.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { assert } from '../../src/base/assert.ts';
import { sdkApi } from './sdkApi.ts';
import type { Backend } from './targets.ts';

export async function openAws(): Promise<Backend> {
  const { AWS_REGION: region, KINESIS_ACCOUNT: account } = process.env;
  assert(region && account, 'KINESIS_TARGET=aws needs AWS_REGION and KINESIS_ACCOUNT');
  const { api, close } = sdkApi({ region, maxAttempts: 10 });
  return { api, account, region, pass: () => wait(3000), close: async () => close() };
}
