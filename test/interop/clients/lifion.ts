// lifion-kinesis, a consumer group for Node with its state in DynamoDB, reading by polling and by fan-out.
import path from 'node:path';
import { awsEnvironment, type Client, clientMs } from './client.ts';
import { runDriver } from './driver.ts';

/** Its data is text: of what comes by fan-out it makes UTF-8. */
export const lifionPlan = { isBinary: false };

const driver = path.join(import.meta.dirname, 'lifionDriver.ts');

/** A process of its own, because its stop() throws after a resharding and leaves its timers behind. */
export const lifionClients: readonly Client[] = (['polling', 'fan-out'] as const).map((how) => ({
  name: 'lifion-kinesis',
  needs: 'npm',
  did: `consumer group, ${how}, JSON over HTTP/1.1, state in moto`,
  run: runDriver({
    plan: lifionPlan,
    command: async ({ endpoint, name, dynamoDb }) => ({
      argv: [process.execPath, driver, endpoint, name, how, await dynamoDb()],
      env: awsEnvironment,
      withinMs: clientMs,
    }),
  }),
}));
