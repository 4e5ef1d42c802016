// The engine under test, and the DynamoDB that lifion-kinesis and the KCL keep their state in.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { outDir, root } from '../../../tools/paths.mjs';
import { type Server, startServer } from './processes.ts';
import { motoServer, setUp } from './setup.ts';

/** AWS's own name, which one client calls whatever endpoint it was given. */
export const awsHost = 'kinesis.us-east-1.amazonaws.com';

/** Started as a user does, on any free port and a folder of its own. */
export function startEngine(folder: string): Promise<Server> {
  const engine = path.join(root, 'dist', 'engine.cjs');
  if (!existsSync(engine)) throw new Error('dist/engine.cjs is not built: npm run build');
  const options = ['--port', '0', '--data', folder, '--state-delays', 'short'];
  const argv = [process.execPath, engine, 'serve', ...options, '--allow-host', awsHost];
  return startServer({ argv }, /listening on (http:\S+) \(data: /);
}

/** moto's, because the vendor's own local one is not under an open-source licence. */
export async function startDynamoDb(): Promise<Server> {
  const problem = await setUp('python');
  if (problem !== undefined) throw new Error(problem);
  const argv = [motoServer, '-H', '127.0.0.1', '-p', '0'];
  return startServer({ argv, cwd: outDir }, /Running on (http:\/\/127\.0\.0\.1:\d+)/);
}
