/** One call of the plain JSON protocol, as light as it can be: the machine is busy with what is tested. */
import { type Agent, request } from 'node:http';

/** The engine answered, but not with what was asked for. */
export class Refused extends Error {}

/** Rejects with Refused, or with the system's error when nobody answers. */
export function call<T>(
  operation: string,
  input: object,
  { endpoint, agent }: { endpoint: string; agent?: Agent },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Kinesis_20131202.${operation}`,
    };
    const options = { method: 'POST', headers, ...(agent && { agent }) };
    const sent = request(endpoint, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('error', reject).on('end', () => {
        if (answer.statusCode !== 200) reject(new Refused(`${answer.statusCode} ${text}`));
        else resolve((text === '' ? {} : JSON.parse(text)) as T);
      });
    });
    sent.on('error', reject).end(JSON.stringify(input));
  });
}
