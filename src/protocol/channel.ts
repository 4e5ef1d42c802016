/**
 * One request and reply channel between two threads or frames: host and worker, webview and host.
 * Every request gets exactly one reply, a failure included; a closed channel fails what is open.
 */
import type { Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { type Failure, failureOf, failureToError } from './failure.ts';

/** The transport below: postMessage of any kind. Messages are plain data. */
export interface MessagePortLike {
  post(message: unknown): void;
  readonly onMessage: Event<unknown>;
}

/** What one side offers: methods by name, each with one parameter. */
export type Methods = { [name: string]: (params: never) => unknown };
/** What one side announces: payloads by event name. */
export type Events = { [name: string]: unknown };

export type Handlers<M extends Methods> = {
  [N in keyof M]: (
    params: Parameters<M[N]>[0],
    signal: AbortSignal,
  ) => ReturnType<M[N]> | Promise<ReturnType<M[N]>>;
};

type Message =
  | { kind: 'request'; id: number; method: string; params: unknown }
  | { kind: 'reply'; id: number; result: unknown }
  | { kind: 'failure'; id: number; failure: Failure }
  | { kind: 'cancel'; id: number }
  | { kind: 'event'; name: string; params: unknown };

interface OpenCall {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

export class Channel<Remote extends Methods, RemoteEvents extends Events, OwnEvents extends Events>
  implements Disposable
{
  private readonly port: MessagePortLike;
  private readonly subscription: Disposable;
  private readonly calls = new Map<number, OpenCall>();
  private readonly running = new Map<number, AbortController>();
  private readonly events = new Map<string, Emitter<unknown>>();
  private handlers: Handlers<Methods> = {};
  private nextId = 1;
  private closed: Error | undefined;

  constructor(port: MessagePortLike) {
    this.port = port;
    this.subscription = port.onMessage((message) => this.receive(message as Message));
  }

  /** Answers the other side's requests from now on. Returns what `M` says of the methods. */
  serve<M extends Methods>(handlers: Handlers<M>): void {
    this.handlers = handlers as unknown as Handlers<Methods>;
  }

  /**
   * Rejects with the other side's failure, or when the channel closes. Aborting `signal` asks the other
   * side to stop; its reply still counts, since it may hold what was done before.
   */
  call<N extends keyof Remote & string>(
    method: N,
    params: Parameters<Remote[N]>[0],
    signal?: AbortSignal,
  ): Promise<Awaited<ReturnType<Remote[N]>>> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(this.closed);
      const id = this.nextId++;
      const cancel = (): void => this.post({ kind: 'cancel', id });
      const settle = (): void => {
        this.calls.delete(id);
        signal?.removeEventListener('abort', cancel);
      };
      this.calls.set(id, {
        resolve: (value) => {
          settle();
          resolve(value as Awaited<ReturnType<Remote[N]>>);
        },
        reject: (reason) => {
          settle();
          reject(reason);
        },
      });
      try {
        this.post({ kind: 'request', id, method, params });
      } catch (thrown) {
        settle();
        throw thrown; // rejects
      }
      if (signal?.aborted) cancel();
      else signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  emit<N extends keyof OwnEvents & string>(name: N, params: OwnEvents[N]): void {
    if (!this.closed) this.post({ kind: 'event', name, params });
  }

  on<N extends keyof RemoteEvents & string>(
    name: N,
    listener: (params: RemoteEvents[N]) => void,
  ): Disposable {
    const emitter = this.events.get(name) ?? new Emitter<unknown>();
    this.events.set(name, emitter);
    return emitter.event((params) => listener(params as RemoteEvents[N]));
  }

  /** Fails every open call with `reason` and aborts what runs for the other side. */
  close(reason: Error): void {
    if (this.closed) return;
    this.closed = reason;
    this.subscription.dispose();
    for (const call of [...this.calls.values()]) call.reject(reason);
    for (const controller of this.running.values()) controller.abort(reason);
  }

  dispose(): void {
    this.close(new Error('The channel was closed.'));
  }

  private post(message: Message): void {
    this.port.post(message);
  }

  private receive(message: Message): void {
    if (this.closed) return;
    if (message.kind === 'request') void this.answer(message);
    else if (message.kind === 'reply') this.calls.get(message.id)?.resolve(message.result);
    else if (message.kind === 'failure') {
      this.calls.get(message.id)?.reject(failureToError(message.failure));
    } else if (message.kind === 'cancel') {
      this.running.get(message.id)?.abort(new Error('Cancelled.'));
    } else if (message.kind === 'event') this.events.get(message.name)?.fire(message.params);
  }

  private async answer(request: Message & { kind: 'request' }): Promise<void> {
    const { id, method, params } = request;
    const controller = new AbortController();
    this.running.set(id, controller);
    try {
      const handler = Object.hasOwn(this.handlers, method) ? this.handlers[method] : undefined;
      if (!handler) throw new Error(`There is no method "${method}".`);
      const result = await handler(params as never, controller.signal);
      if (!this.closed) this.post({ kind: 'reply', id, result });
    } catch (thrown) {
      if (!this.closed) this.post({ kind: 'failure', id, failure: failureOf(thrown) });
    } finally {
      this.running.delete(id);
    }
  }
}
