// boto3, reading by polling and by subscribe_to_shard, which it does over HTTP/1.1.
import path from 'node:path';
import { python } from '../support/setup.ts';
import { awsEnvironment, type Client, clientMs } from './client.ts';
import { runDriver } from './driver.ts';

const driver = path.resolve(import.meta.dirname, '../python/kinesis.py');

export type PythonWay = 'polling' | 'subscribing' | 'aggregated';

export const runPython = (how: PythonWay): Client['run'] =>
  runDriver({
    command: ({ endpoint, planFile }) => ({
      argv: [python, driver, endpoint, planFile, how],
      env: { ...awsEnvironment, PYTHONUTF8: '1', PYTHONDONTWRITEBYTECODE: '1' },
      withinMs: clientMs,
    }),
  });

export const pythonClients: readonly Client[] = (['polling', 'subscribing'] as const).map(
  (how) => ({
    name: 'boto3',
    needs: 'python',
    did: `JSON over HTTP/1.1, ${how}`,
    run: runPython(how),
  }),
);
