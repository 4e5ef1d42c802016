// What becomes of a connection's calls and of its leave to write when it is declared again.
import { expect, onTestFinished, test } from 'vitest';
import type { AwsConnection, LocalConnection } from '../../src/protocol/connection.ts';
import { Connections } from '../../src/worker/connections.ts';
import { nonce, testServer } from '../server/support/testServer.ts';

function made(): Connections {
  const connections = new Connections();
  onTestFinished(() => connections.dispose());
  return connections;
}

test('set() of the same connection cuts off no call that is under way', async () => {
  let answer: (output: { Shards: [] }) => void = () => undefined;
  const output = new Promise<{ Shards: [] }>((resolve) => {
    answer = resolve;
  });
  let arrived: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { server } = await testServer({
    answers: {
      ListShards: () => {
        arrived();
        return output as never;
      },
    },
  });
  const spec: LocalConnection = {
    kind: 'local',
    id: 'local',
    endpoint: server.endpoint,
    nonce,
    region: 'us-east-1',
  };
  const connections = made();
  connections.set(spec);
  const call = connections.calls('local').listShards({ StreamName: 's' });
  await asked;
  connections.set({ ...spec });
  answer({ Shards: [] });
  await expect(call).resolves.toEqual({ Shards: [] });
});

test('set() keeps the leave to write for the same place only', async () => {
  const spec: AwsConnection = {
    kind: 'aws',
    id: 'prod',
    profile: 'a',
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:1',
  };
  const write = () => connections.calls('prod').deleteStream({ StreamName: 's' });
  const connections = made();
  connections.set(spec);
  connections.setWritable('prod', true);
  connections.set({ ...spec });
  await expect(write()).rejects.toMatchObject({ name: expect.not.stringMatching(/ReadOnly/) });
  connections.set({ ...spec, profile: 'b' });
  await expect(write()).rejects.toMatchObject({ name: 'ReadOnlyConnection' });
});
