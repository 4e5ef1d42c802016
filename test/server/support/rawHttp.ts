// Requests below any SDK: HTTP/1.1 and HTTP/2 with every header in the test's hands.
import http, { type IncomingHttpHeaders } from 'node:http';
import http2 from 'node:http2';

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  json<T = Record<string, unknown>>(): T;
}

export type Send = (endpoint: string, request: RawRequest) => Promise<RawAnswer>;

function answerOf(status: number, headers: IncomingHttpHeaders, chunks: Buffer[]): RawAnswer {
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString('utf8');
  return { status, headers, bytes, text, json: () => JSON.parse(text) };
}

export const sendHttp1: Send = (endpoint, { method = 'POST', path = '/', headers, body }) =>
  new Promise((resolve, reject) => {
    const request = http.request(
      endpoint + path,
      { method, headers: headers ?? {}, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve(answerOf(response.statusCode ?? 0, response.headers, chunks)),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });

export const sendHttp2: Send = (endpoint, { method = 'POST', path = '/', headers, body }) =>
  new Promise((resolve, reject) => {
    const session = http2.connect(endpoint);
    session.on('error', reject);
    const { host, ...others } = headers ?? {};
    const stream = session.request({
      ':method': method,
      ':path': path,
      ...(host !== undefined && { ':authority': host }),
      ...others,
    });
    const chunks: Buffer[] = [];
    let answered: IncomingHttpHeaders = {};
    stream.on('response', (received) => {
      answered = received as IncomingHttpHeaders;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => {
      session.close();
      resolve(answerOf(Number((answered as Record<string, unknown>)[':status']), answered, chunks));
    });
    stream.end(body);
  });

/** The headers of a Kinesis call in JSON. */
export const kinesisHeaders = (operation: string): Record<string, string> => ({
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': `Kinesis_20131202.${operation}`,
});

/** A Kinesis call in JSON by HTTP/1.1; `input` as text goes as it is. */
export function callRaw(
  endpoint: string,
  { operation, input = {} }: { operation: string; input?: unknown },
): Promise<RawAnswer> {
  const body = typeof input === 'string' ? input : JSON.stringify(input);
  return sendHttp1(endpoint, { headers: kinesisHeaders(operation), body });
}
