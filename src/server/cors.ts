/**
 * Lets web pages of origins that the user has named call Kinesis, with AWS's headers. Any other page stays
 * shut out, and none ever reaches the admin routes.
 */
import type { Answer, AnswerHeaders, Exchange } from './exchange.ts';

/** @source measured */
const exposedHeaders =
  'x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date';
/** @source measured */
const preflightSeconds = 172_800;

export class Cors {
  private readonly origins: ReadonlySet<string>;

  /** `*` stands for every origin. */
  constructor(origins: readonly string[]) {
    this.origins = new Set(origins.map((origin) => origin.toLowerCase()));
  }

  allows(origin: string): boolean {
    return this.origins.has('*') || this.origins.has(origin.toLowerCase());
  }

  /**
   * Of every answer to a page that may call. AWS says `*` to all; where only some may, each is told of
   * itself, so that no cache tells it to another one. @source measured; guessed: the latter.
   */
  headersFor(origin: string): AnswerHeaders {
    const isAll = this.origins.has('*');
    return [
      ...['Access-Control-Allow-Origin', isAll ? '*' : origin],
      ...['Access-Control-Expose-Headers', exposedHeaders],
      ...(isAll ? [] : ['Vary', 'Origin']),
    ];
  }

  /** The answer to a page's question whether it may call. @source measured */
  preflight(exchange: Exchange): Answer {
    const asked = (name: string, answer: string): string[] => {
      const value = exchange.header(`access-control-request-${name}`);
      return value === undefined ? [] : [`Access-Control-Allow-${answer}`, value];
    };
    const headers = [
      ...asked('headers', 'Headers'),
      ...asked('method', 'Methods'),
      // A browser asks this of a page on the web that calls a server on its own machine.
      ...asked('private-network', 'Private-Network'),
      ...['Access-Control-Max-Age', String(preflightSeconds)],
    ];
    return { status: 200, headers };
  }
}
