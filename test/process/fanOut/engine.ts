/** The engine under test: a process of its own, its controls as commands, and a look at what it holds. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';

const probe = path.join(import.meta.dirname, 'engineProbe.cjs');

/** After a collection. */
export interface Held {
  readonly heapUsed: number;
  readonly external: number;
  readonly rss: number;
  readonly sockets: number;
  readonly timers: number;
}

export interface EngineOptions {
  /** The program, as an argument of Node. */
  readonly entry: string;
  readonly folder: string;
  /** `NAME:SHARDS` */
  readonly init: string;
}

export class EngineUnderTest {
  readonly endpoint: string;
  private readonly options: EngineOptions;
  private readonly child: ChildProcess;
  private readonly said: { err: string };
  /** Resolves to its exit code, or the signal that ended it. */
  private readonly closed: Promise<number | string>;

  private constructor(
    options: EngineOptions,
    of: { child: ChildProcess; endpoint: string; said: { err: string } },
  ) {
    this.options = options;
    this.child = of.child;
    this.endpoint = of.endpoint;
    this.said = of.said;
    this.closed = once(this.child, 'close').then(([code, signal]) => code ?? signal);
  }

  /** Rejects when it ends before it listens. */
  static async start(options: EngineOptions): Promise<EngineUnderTest> {
    const { entry, folder, init } = options;
    const node = ['--expose-gc', '--require', probe, entry];
    const served = ['--data', folder, '--port', '0', '--init', init, '--limits', 'off'];
    const argv = [...node, 'serve', ...served];
    const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
    const child = spawn(process.execPath, argv, { stdio: [...stdio] });
    const said = { err: '' };
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said.err += text;
    });
    const endpoint = await new Promise<string>((resolve, reject) => {
      let out = '';
      child.stdout!.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        const match = /listening on (http:\S+) \(data: /.exec(out);
        if (match) resolve(match[1]!);
      });
      child.once('close', (code) => reject(new Error(`the engine ended (${code}): ${said.err}`)));
    });
    return new EngineUnderTest(options, { child, endpoint, said });
  }

  /** Runs `shardscope clock WORDS`; rejects when it fails. */
  async clock(...words: string[]): Promise<void> {
    const { entry, folder } = this.options;
    await promisify(execFile)(process.execPath, [entry, 'clock', ...words, '--data', folder]);
  }

  async held(): Promise<Held> {
    this.child.send({});
    const [held] = await once(this.child, 'message');
    return held;
  }

  /** Resolves to how it ended by itself, with its last words; to undefined when it answers. */
  async end(): Promise<string | undefined> {
    const { child, said, closed } = this;
    const answered = once(child, 'message').then(() => undefined);
    child.send({}, () => undefined);
    const ended = closed.then((how) => `the engine ended (${how}): ${said.err.slice(-2000)}`);
    return Promise.race([answered, ended]);
  }

  /** Warnings and errors that it logged. */
  get warnings(): string[] {
    return this.said.err.split('\n').filter((line) => / (warn|error) /.test(line));
  }

  /** Resolves to its exit code, or the signal that ended it. */
  stop(): Promise<number | string> {
    this.child.kill();
    return this.closed;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
