/** Answers Kinesis calls: headers to operation, body to input, output or exception to answer. */
import { isConnectionDropped } from '../admin/faults.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { KinesisError } from '../kinesis/errors.ts';
import { type CallContext, callOperation, type KinesisApi } from '../kinesis/kinesisApi.ts';
import type { OperationName } from '../kinesis/operations.ts';
import type { AnswerBudget, PageLease } from './answerBudget.ts';
import type { Caller, Callers } from './auth/callers.ts';
import type { Permissions } from './auth/permissions.ts';
import type { WithBody } from './body.ts';
import type { BufferLoan } from './bufferPool.ts';
import { cborRefusal } from './cborError.ts';
import type { Answer, Exchange } from './exchange.ts';
import { decodeInput, encodeError, encodeOutput, parseBody } from './json/codec.ts';
import { encodingOf, type Target, targetOf } from './target.ts';

export interface KinesisRoute {
  readonly api: KinesisApi;
  readonly callers: Callers;
  readonly permissions: Permissions;
  readonly logger: Logger;
  readonly withBody: WithBody;
  readonly answers: AnswerBudget;
}

const jsonType = ['Content-Type', 'application/x-amz-json-1.1'];

/** Sends the answer. Rejects only when the body cannot be read. */
export async function answerKinesis(route: KinesisRoute, exchange: Exchange): Promise<void> {
  const target = targetOf(exchange.header('x-amz-target'));
  const encoding = encodingOf(exchange.header('content-type'));
  if (exchange.method !== 'POST') return exchange.answer(noOperation());
  if (encoding === 'cbor') return exchange.answer(cborAnswer());
  if (encoding === 'coral') return exchange.answer(coralAnswer());
  if (encoding === 'unknown') return exchange.answer(wrongType({ route, exchange, target }));
  return route.withBody(exchange, async (body, loan) =>
    exchange.answer(await answerOf({ route, exchange, target, body, loan })),
  );
}

interface Asked {
  readonly route: KinesisRoute;
  readonly exchange: Exchange;
  readonly target: Target;
  readonly body: Buffer;
  /** For what is decoded; ends with the call. */
  readonly loan: BufferLoan;
}

async function answerOf(asked: Asked): Promise<Answer> {
  try {
    return { status: 200, headers: jsonType, body: await outputOf(asked) };
  } catch (thrown) {
    if (isConnectionDropped(thrown)) asked.exchange.drop();
    return errorAnswer(thrown, asked);
  }
}

/**
 * In AWS's order: body, operation, credentials, types, then everything that the operation itself checks.
 * Throws and rejects.
 */
function outputOf(asked: Asked): Promise<string | Buffer> {
  const { route, exchange, target, body, loan } = asked;
  if (body.length === 0) {
    throw new KinesisError(target.type === 'operation' ? 'SerializationException' : unknown, '');
  }
  if (target.type === 'operation') {
    const caller = callerOf(asked);
    const input = decodeInput(target.name, { body, loan });
    return call(target.name, { input, route, exchange, caller });
  }
  parseBody(body);
  throw new KinesisError(unknown, target.type === 'notImplemented' ? missing(target.name) : '');
}

/** A body that is no object is told before credentials that do not do. @source measured */
function callerOf({ route, exchange, body }: Asked): Caller {
  try {
    return route.callers.of(exchange, body);
  } catch (refusal) {
    parseBody(body);
    throw refusal;
  }
}

const unknown = 'UnknownOperationException';
const missing = (name: string): string => `Shardscope does not implement ${name} yet.`;

async function call<N extends OperationName>(
  operation: N,
  asked: { input: Parameters<typeof callOperation<N>>[1]['input']; route: KinesisRoute } & {
    exchange: Exchange;
    caller: Caller;
  },
): Promise<string | Buffer> {
  const { input, route, exchange, caller } = asked;
  const context = new RequestContext(exchange, caller);
  route.permissions.check(operation, { input, caller, userAgent: context.userAgent });
  const page = operation === 'GetRecords' ? await pageOf(route, exchange) : undefined;
  const output = await callOperation(route.api, { operation, input, context });
  const take = (bytes: number): Buffer => exchange.takeBuffer(bytes);
  const body = encodeOutput(operation, { output, take });
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
    this.userAgent = exchange.header('user-agent');
    this.requestId = exchange.requestId;
    this.exchange = exchange;
  }

  get signal(): AbortSignal {
    return this.exchange.signal;
  }
}

/** What is not an exception of Kinesis is a defect or the disk's: logged, and answered with its sentence. */
function errorAnswer(thrown: unknown, { route, exchange, target }: Asked): Answer {
  if (thrown instanceof KinesisError) {
    return { status: thrown.status, headers: jsonType, body: encodeError(thrown) };
  }
  if (!exchange.isClosed) {
    const name = 'name' in target ? target.name : 'a call';
    const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    route.logger.error(`${name} failed: ${detail}`);
  }
  const body = encodeError({ name: 'InternalFailure', message: messageOf(thrown) });
  return { status: 500, headers: jsonType, body };
}

const cborAnswer = (): Answer => ({
  status: 400,
  headers: ['Content-Type', 'application/x-amz-cbor-1.1'],
  body: cborRefusal(),
});

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

/** A content type that belongs to no protocol: answered in XML, credentials first. @source measured */
function wrongType({
  route,
  exchange,
  target,
}: {
  route: KinesisRoute;
  exchange: Exchange;
  target: Target;
}): Answer {
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
