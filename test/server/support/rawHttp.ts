// Requests below any SDK: HTTP/1.1 and HTTP/2, plain and in TLS, with every header in the test's hands.
import http, { type IncomingHttpHeaders } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { testCertificate } from './testCertificate.ts';

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

/** Whom a client trusts. */
interface Trust {
  readonly ca?: string;
  /** What the certificate must name, whatever the Host header says. */
  readonly servername?: string;
}

export const secure = (endpoint: string): string => endpoint.replace(/^http:/, 'https:');
export const trust = async (): Promise<Trust> => ({
  ca: (await testCertificate()).authority,
  servername: 'localhost',
});

export const sendHttp1: Send = (endpoint, request) => overHttp1(endpoint, request, {});
export const sendHttp2: Send = (endpoint, request) => overHttp2(endpoint, request, {});
/** In TLS, its certificate checked; the server must be one of testServer's. */
export const sendHttps1: Send = async (endpoint, request) =>
  overHttp1(secure(endpoint), request, await trust());
export const sendHttps2: Send = async (endpoint, request) =>
  overHttp2(secure(endpoint), request, await trust());

/** Everything that a client can speak to the port, by name. */
export const versions: readonly [string, Send][] = [
  ['HTTP/1.1', sendHttp1],
  ['HTTP/2', sendHttp2],
  ['HTTP/1.1 in TLS', sendHttps1],
  ['HTTP/2 in TLS', sendHttps2],
];

const overHttp1 = (
  endpoint: string,
  { method = 'POST', path = '/', headers, body }: RawRequest,
  trusted: Trust,
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const module = endpoint.startsWith('https:') ? https : http;
    const request = module.request(
      endpoint + path,
      { method, headers: headers ?? {}, agent: false, ...trusted },
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

const overHttp2 = (
  endpoint: string,
  { method = 'POST', path = '/', headers, body }: RawRequest,
  trusted: Trust,
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const session = http2.connect(endpoint, trusted);
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
