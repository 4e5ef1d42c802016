/**
 * The task type `shardscope`: starts the local engine, creates the streams that it names, and says
 * where the engine is. Its problem matcher `$shardscope` sees it ready, so that a launch can wait.
 */
import * as vscode from 'vscode';
import { parseSeeds, type StreamSeed } from '../../admin/adminApi.ts';
import { messageOf } from '../../base/errors.ts';
import type { LocalEngine } from '../engine/localEngine.ts';

export const taskType = 'shardscope';

interface EngineTaskDefinition extends vscode.TaskDefinition {
  /** `{"orders": 4}`, or `orders:4,clicks`. */
  readonly streams?: unknown;
}

/** Throws an Error with a usable sentence. */
export function seedsOf(streams: unknown): StreamSeed[] {
  if (streams === undefined || streams === null) return [];
  if (typeof streams === 'string') return parseSeeds(streams);
  if (typeof streams === 'object' && !Array.isArray(streams)) {
    return Object.entries(streams).flatMap(([name, shards]) => parseSeeds(`${name}:${shards}`));
  }
  throw new Error('"streams" is an object of names and numbers of shards, as in {"orders": 4}.');
}

export class EngineTasks implements vscode.TaskProvider {
  private readonly engine: LocalEngine;

  constructor(engine: LocalEngine) {
    this.engine = engine;
  }

  provideTasks(): vscode.Task[] {
    return [this.taskOf({ type: taskType }, vscode.TaskScope.Workspace, true)];
  }

  /** VS Code wants the definition back as it is. */
  resolveTask(task: vscode.Task): vscode.Task {
    const scope = task.scope ?? vscode.TaskScope.Workspace;
    return this.taskOf(task.definition as EngineTaskDefinition, scope, task.isBackground);
  }

  /** A background task stays until it is ended; any other ends once the engine is ready. */
  private taskOf(
    definition: EngineTaskDefinition,
    scope: vscode.WorkspaceFolder | vscode.TaskScope,
    isBackground: boolean,
  ): vscode.Task {
    const execution = new vscode.CustomExecution(
      async () => new EngineTerminal(this.engine, { streams: definition.streams, isBackground }),
    );
    const name = 'start local engine';
    const task = new vscode.Task(definition, scope, name, 'shardscope', execution, '$shardscope');
    task.isBackground = isBackground;
    task.detail = 'Starts the local Kinesis engine and creates the streams that the task names';
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent };
    return task;
  }
}

interface TerminalParts {
  readonly streams: unknown;
  readonly isBackground: boolean;
}

/** Lines that the problem matcher knows: keep them and package.json in step. */
const beginLine = 'Shardscope: starting the local Kinesis engine';
const readyLine = (endpoint: string): string => `Shardscope: ready at ${endpoint}`;
const failedLine = (reason: string): string => `Shardscope: failed: ${reason}`;

class EngineTerminal implements vscode.Pseudoterminal {
  private readonly engine: LocalEngine;
  private readonly parts: TerminalParts;
  private readonly written = new vscode.EventEmitter<string>();
  private readonly closed = new vscode.EventEmitter<number>();

  readonly onDidWrite = this.written.event;
  readonly onDidClose = this.closed.event;

  constructor(engine: LocalEngine, parts: TerminalParts) {
    this.engine = engine;
    this.parts = parts;
  }

  open(): void {
    void this.run();
  }

  /** The engine goes on: other windows and programs may be using it. */
  close(): void {
    this.written.dispose();
    this.closed.dispose();
  }

  private async run(): Promise<void> {
    this.say(beginLine);
    try {
      const streams = seedsOf(this.parts.streams);
      const { endpoint } = await this.engine.start();
      if (streams.length > 0) await this.engine.admin('ensure-streams', { streams });
      for (const { name, shards } of streams) this.say(`  stream ${name}, shards: ${shards}`);
      this.say(readyLine(endpoint));
      if (!this.parts.isBackground) this.closed.fire(0);
    } catch (thrown) {
      this.say(failedLine(messageOf(thrown)));
      this.closed.fire(1);
    }
  }

  private say(line: string): void {
    this.written.fire(`${line}\r\n`);
  }
}
