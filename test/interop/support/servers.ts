// The engine under test, and the DynamoDB that lifion-kinesis and the KCL keep their state in.

import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { outDir, root } from '../../../tools/paths.mjs';
import { runToEnd, type Server, startServer } from './processes.ts';
import { motoServer, setUp } from './setup.ts';

/** AWS's own name, which one client calls whatever endpoint it was given. */
export const awsHost = 'kinesis.us-east-1.amazonaws.com';

/** The same port over TLS, and the file with the certificate that a client must trust. */
export interface TlsEndpoint {
  readonly endpoint: string;
  readonly certificate: string;
}

export interface EngineServer extends Server {
  readonly tls: TlsEndpoint;
}

const callMs = 60_000;

/** Started as a user does, on any free port and a folder of its own. */
export async function startEngine(folder: string): Promise<EngineServer> {
  const engine = path.join(root, 'dist', 'engine.cjs');
  if (!existsSync(engine)) throw new Error('dist/engine.cjs is not built: npm run build');
  const options = ['--port', '0', '--data', folder, '--state-delays', 'short'];
  const argv = [process.execPath, engine, 'serve', ...options, '--allow-host', awsHost];
  const server = await startServer({ argv }, /listening on (http:\S+) \(data: /);
  try {
    const asked = [process.execPath, engine, 'certificate', '--data', folder];
    const certificate = `${folder}.pem`;
    writeFileSync(certificate, await runToEnd({ argv: asked }, callMs));
    const endpoint = server.address.replace('http:', 'https:');
    return { ...server, tls: { endpoint, certificate } };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** moto's, because the vendor's own local one is not under an open-source licence. */
export async function startDynamoDb(): Promise<Server> {
  const problem = await setUp('python');
  if (problem !== undefined) throw new Error(problem);
  const argv = [motoServer, '-H', '127.0.0.1', '-p', '0'];
  return startServer({ argv, cwd: outDir }, /Running on (http:\/\/127\.0\.0\.1:\d+)/);
}
