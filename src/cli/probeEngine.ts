/** Asks the endpoint of a lock file whether it knows the lock's nonce, without telling it. */
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { LockRecord } from '../engine/folder/lockRecord.ts';
import { proofOf } from '../server/guard.ts';

const answerMs = 1_500;
const answerBytesMax = 4096;

/** Never rejects: who does not answer in time, or not with the proof, is not the holder. */
export async function probeEngine({ endpoint, nonce }: LockRecord): Promise<boolean> {
  const challenge = randomBytes(16).toString('hex');
  try {
    const { port } = new URL(endpoint);
    const text = await get(`${endpoint}/_shardscope/hello?challenge=${challenge}`);
    const { proof } = JSON.parse(text) as { proof?: unknown };
    return proof === proofOf(nonce, { challenge, port: Number(port) });
  } catch {
    return false;
  }
}

function get(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { agent: false, timeout: answerMs, signal: AbortSignal.timeout(answerMs) };
    const request = http.get(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > answerBytesMax) request.destroy(new Error('too long an answer'));
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
  });
}
