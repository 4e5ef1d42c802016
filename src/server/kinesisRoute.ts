/** Answers Kinesis calls: headers to operation, body to input, output or exception to answer. */
import { isConnectionDropped } from '../admin/faults.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { KinesisError } from '../kinesis/errors.ts';
import { type CallContext, callOperation, type KinesisApi } from '../kinesis/kinesisApi.ts';
import type { InputOf, OperationName } from '../kinesis/operations.ts';
import type { AnswerBudget, PageLease } from './answerBudget.ts';
import type { Caller, Callers } from './auth/callers.ts';
import type { Permissions } from './auth/permissions.ts';
import type { WithBody } from './body.ts';
import type { BufferLoan } from './bufferPool.ts';
import { cborCodec } from './cbor/codec.ts';
import type { Codec } from './codec.ts';
import type { Answer, AnswerHeaders, Exchange } from './exchange.ts';
import { jsonCodec } from './json/codec.ts';
import { type StreamParts, sendEvents } from './subscribeRoute.ts';
import { type Encoding, encodingOf, type Target, targetOf } from './target.ts';

export interface KinesisRoute {
  readonly api: KinesisApi;
  readonly callers: Callers;
  readonly permissions: Permissions;
  readonly logger: Logger;
  readonly withBody: WithBody;
  readonly answers: AnswerBudget;
}

const typeOf = ({ contentType }: Codec): string[] => ['Content-Type', contentType];

const encodings = {
  json: { codec: jsonCodec, headers: typeOf(jsonCodec) },
  cbor: { codec: cborCodec, headers: typeOf(cborCodec) },
} as const;

/** Sends the answer. Rejects only when the body cannot be read. */
export async function answerKinesis(route: KinesisRoute, exchange: Exchange): Promise<void> {
  const target = targetOf(exchange.header('x-amz-target'));
  const encoding = encodingOf(exchange.header('content-type'));
  if (exchange.method !== 'POST') return exchange.answer(noOperation());
  const events = await route.withBody(exchange, async (body, loan) => {
    const isKnown = encoding === 'json' || encoding === 'cbor';
    if (!isKnown && body.length > 0) {
      exchange.answer(wrongType({ route, exchange, target, encoding }));
      return undefined;
    }
    // Who sends nothing is answered in CBOR, whatever was announced. @source measured
    const { codec, headers } = encodings[isKnown ? encoding : 'cbor'];
    const asked = { route, exchange, target, body, loan, codec, headers };
    if (isSubscription(asked)) return subscription(asked);
    exchange.answer(await answerOf(asked));
    return undefined;
  });
  // By now the body is given back: events come for minutes.
  if (events) await sendEvents(exchange, events);
}

const isSubscription = ({ target, body }: Asked): boolean =>
  target.type === 'operation' && target.name === 'SubscribeToShard' && body.length > 0;

/** The subscription that was asked for; undefined when the call was refused, which is answered. */
async function subscription(asked: Asked): Promise<StreamParts | undefined> {
  const { route, exchange, body, loan, codec } = asked;
  const operation = 'SubscribeToShard';
  try {
    const caller = callerOf(asked);
    const input = codec.decodeInput(operation, { body, loan });
    const context = new RequestContext(exchange, caller);
    const { userAgent } = context;
    const { isSecure } = exchange;
    route.permissions.check(operation, { input, caller, userAgent, isSecure });
    const output = await callOperation(route.api, { operation, input, context });
    return { output, codec, logger: route.logger };
  } catch (thrown) {
    exchange.answer(failedAnswer(thrown, asked));
    return undefined;
  }
}

interface Asked {
  readonly route: KinesisRoute;
  readonly exchange: Exchange;
  readonly target: Target;
  readonly body: Buffer;
  /** For what is decoded; ends with the call. */
  readonly loan: BufferLoan;
  readonly codec: Codec;
  /** Of the answer: the request's content type. */
  readonly headers: AnswerHeaders;
}

async function answerOf(asked: Asked): Promise<Answer> {
  try {
    const { headers, codec } = asked;
    return { status: 200, headers, body: await outputOf(asked), isBinary: codec.isBinary };
  } catch (thrown) {
    return failedAnswer(thrown, asked);
  }
}

function failedAnswer(thrown: unknown, asked: Asked): Answer {
  if (isConnectionDropped(thrown)) asked.exchange.drop();
  return errorAnswer(thrown, asked);
}

/**
 * In AWS's order: body, operation, credentials, types, then everything that the operation itself checks.
 * Throws and rejects.
 */
function outputOf(asked: Asked): Promise<string | Buffer> {
  const { target, body, loan, codec } = asked;
  if (body.length === 0) {
    throw new KinesisError(target.type === 'operation' ? 'SerializationException' : unknown, '');
  }
  if (target.type === 'operation') {
    const caller = callerOf(asked);
    const input = codec.decodeInput(target.name, { body, loan });
    return call(target.name, { ...asked, input, caller });
  }
  codec.check(body);
  throw new KinesisError(unknown, target.type === 'notImplemented' ? missing(target.name) : '');
}

/** A body that is no object is told before credentials that do not do. @source measured */
function callerOf({ route, exchange, body, codec }: Asked): Caller {
  try {
    return route.callers.of(exchange, body);
  } catch (refusal) {
    codec.check(body);
    throw refusal;
  }
}

const unknown = 'UnknownOperationException';
const missing = (name: string): string => `Shardscope does not implement ${name} yet.`;

async function call<N extends OperationName>(
  operation: N,
  asked: Asked & { readonly input: InputOf<N>; readonly caller: Caller },
): Promise<string | Buffer> {
  const { input, route, exchange, codec, caller } = asked;
  const context = new RequestContext(exchange, caller);
  const { userAgent } = context;
  const { isSecure } = exchange;
  route.permissions.check(operation, { input, caller, userAgent, isSecure });
  const page = operation === 'GetRecords' ? await pageOf(route, exchange) : undefined;
  const output = await callOperation(route.api, { operation, input, context });
  const take = (bytes: number): Buffer => exchange.takeBuffer(bytes);
  const body = codec.encodeOutput(operation, { output, take });
  page?.made(body.length, exchange);
  return body;
}

/** Room for a page until the exchange is over. */
async function pageOf({ answers }: KinesisRoute, exchange: Exchange): Promise<PageLease> {
  const page = await answers.begin();
  exchange.whenClosed(() => page.end());
  return page;
}

/** Says what a request says of its caller; the signal is made when somebody asks for it. */
class RequestContext implements CallContext {
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly accessKeyId: string | undefined;
  readonly own: boolean;
  readonly userAgent: string | undefined;
  readonly requestId: string;
  private readonly exchange: Exchange;

  constructor(exchange: Exchange, { account, region, accessKeyId, own }: Caller) {
    this.account = account;
    this.region = region;
    this.accessKeyId = accessKeyId;
    this.own = own;
    this.userAgent = keptText(exchange.header('user-agent'));
    this.requestId = exchange.requestId;
    this.exchange = exchange;
  }

  get signal(): AbortSignal {
    return this.exchange.signal;
  }
}

let lastUserAgent = '';

/** The journal keeps it for long, and must not keep the head that it was cut from. */
function keptText(userAgent: string | undefined): string | undefined {
  if (userAgent === undefined || userAgent === lastUserAgent) return userAgent && lastUserAgent;
  lastUserAgent = Buffer.from(userAgent).toString();
  return lastUserAgent;
}

/** What is not an exception of Kinesis is a defect or the disk's: logged, and answered with its sentence. */
function errorAnswer(thrown: unknown, asked: Asked): Answer {
  const { route, exchange, target, codec, headers } = asked;
  const { isBinary } = codec;
  if (thrown instanceof KinesisError) {
    return { status: thrown.status, headers, body: codec.encodeError(thrown), isBinary };
  }
  if (!exchange.isClosed) {
    const name = 'name' in target ? target.name : 'a call';
    const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    route.logger.error(`${name} failed: ${detail}`);
  }
  const body = codec.encodeError({ name: 'InternalFailure', message: messageOf(thrown) });
  return { status: 500, headers, body, isBinary };
}

/** The RPC of old that AWS still answers in its own way. @source measured */
const coralAnswer = (): Answer => ({
  status: 404,
  headers: ['Content-Type', 'application/json'],
  body: '{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}',
});

const xml = (status: number, element: string, message?: string): Answer => ({
  status,
  body:
    message === undefined
      ? `<${element}/>\n`
      : `<${element}>\n  <Message>${message}</Message>\n</${element}>\n`,
});

/** @source measured */
const noOperation = (): Answer =>
  xml(403, 'AccessDeniedException', 'Unable to determine service/operation name to be authorized');

/** A content type that is not Kinesis': answered in XML, but for one; credentials first. @source measured */
function wrongType({
  route,
  exchange,
  target,
  encoding,
}: Pick<Asked, 'route' | 'exchange' | 'target'> & { readonly encoding: Encoding }): Answer {
  if (encoding === 'coral') return coralAnswer();
  const misshapen = route.callers.misshapen(exchange);
  if (misshapen) return xml(403, misshapen.name, xmlText(misshapen.message));
  if (target.type === 'unknownOperation') return xml(500, 'InternalFailure');
  if (target.type !== 'unknownService') return xml(404, unknown);
  if (target.service === '' || target.name === '') return noOperation();
  const asked = `service: ${xmlText(target.service)}, operation: ${xmlText(target.name)}`;
  return xml(
    403,
    'UnrecognizedClientException',
    `No authorization strategy was found for ${asked}`,
  );
}

const xmlText = (text: string): string =>
  text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
