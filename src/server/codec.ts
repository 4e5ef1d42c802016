/** What the route asks of an encoding: bodies in, bodies out. A codec must never know an operation's rules. */
import type { InputOf, OperationName, OutputOf } from '../kinesis/operations.ts';
import type { SubscribeToShardEvent } from '../kinesis/subscribeToShardEvent.ts';
import type { BufferLoan } from './bufferPool.ts';

export interface Codec {
  /** Of requests and answers alike. */
  readonly contentType: string;
  /** The texts that it encodes to have a character for each byte; else they are to be sent as UTF-8. */
  readonly isBinary: boolean;
  /** Throws a SerializationException without text unless `body` holds an object or a list. */
  check(body: Buffer): void;
  /**
   * Checks types only; bytes of a put are of `loan` or of `body`. Throws a SerializationException with
   * AWS's sentence.
   */
  decodeInput<N extends OperationName>(
    name: N,
    from: { body: Buffer; loan: BufferLoan },
  ): InputOf<N>;
  /**
   * The body of an answer; empty for an operation without output members. `take`: a buffer for what is
   * long.
   */
  encodeOutput<N extends OperationName>(
    name: N,
    of: { output: OutputOf<N>; take: (bytes: number) => Buffer },
  ): string | Buffer;
  /** `{__type, message}`: no message when it is empty, and `Message` where AWS has it so. */
  encodeError(error: Pick<Error, 'name' | 'message'>): string | Buffer;
  /** `take`: a buffer of that many bytes or more. The event begins where it begins. */
  encodeEvent(event: SubscribeToShardEvent, take: (bytes: number) => Buffer): Buffer;
  /** A structure of texts alone. */
  encodeMembers(members: Readonly<Record<string, string>>): Buffer;
}

/** The members of an error's body. @source measured: the capital M is AWS's. */
export function errorMembers({ name, message }: Pick<Error, 'name' | 'message'>): {
  [member: string]: string;
} {
  if (message === '') return { __type: name };
  const member = name === 'SerializationException' ? 'Message' : 'message';
  return { __type: name, [member]: message };
}
