/** The window's one item in the status bar: the local engine, once it was used here. */
import * as vscode from 'vscode';
import { portOf } from './engine/engineOptions.ts';
import type { EngineState, LocalEngine } from './engine/localEngine.ts';
import { conditionsOf } from './tree/engineConditions.ts';
import { engineTooltip } from './tree/engineTooltip.ts';
import { counted } from './tree/labels.ts';

export class StatusBar implements vscode.Disposable {
  private item: vscode.StatusBarItem | undefined;

  constructor(engine: LocalEngine) {
    engine.onState((state) => this.show(state));
  }

  /** What it says; undefined before the engine was used. */
  get text(): string | undefined {
    return this.item?.text;
  }

  dispose(): void {
    this.item?.dispose();
  }

  private show(state: EngineState): void {
    this.item ??= createItem();
    const { text, tooltip } = faceOf(state);
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = {
      label: text.replace(/^\$\([^)]*\) /, ''),
      role: 'button',
    };
    this.item.show();
  }
}

function createItem(): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem(
    'shardscope.engine',
    vscode.StatusBarAlignment.Left,
  );
  item.name = 'Kinesis';
  item.command = 'shardscope.showEngineActions';
  return item;
}

interface Face {
  readonly text: string;
  readonly tooltip: string | vscode.MarkdownString;
}

function faceOf(state: EngineState): Face {
  switch (state.type) {
    case 'running':
      return runningFace(state);
    case 'starting':
      return {
        text: '$(sync~spin) Kinesis: starting',
        tooltip: state.reason ?? 'The local Kinesis engine is starting.',
      };
    case 'failed':
      return { text: '$(error) Kinesis: failed', tooltip: state.reason };
    case 'stopped':
      return {
        text: 'Kinesis: stopped',
        tooltip: state.reason ?? 'The local Kinesis engine is stopped. Its streams are kept.',
      };
  }
}

/** What is not as usual stands in it in words: `Kinesis: 4567, 2 streams, clock stopped`. */
function runningFace(state: EngineState & { type: 'running' }): Face {
  const { status } = state;
  const { endpoint, streamCount, folder, folderUse, limits, notices } = status;
  const facts = [portOf(endpoint), counted(streamCount, 'stream')];
  if (folderUse.state !== 'ok') facts.push(folderUse.state === 'near' ? 'nearly full' : 'full');
  facts.push(...conditionsOf(status).map(({ text }) => text));
  const mark = folderUse.state === 'ok' ? '' : '$(warning) ';
  const lines = [`Local Kinesis engine at ${endpoint}`, `Data folder: ${folder}`];
  lines.push(limitsText[limits]);
  return {
    text: `${mark}Kinesis: ${facts.join(', ')}`,
    tooltip: engineTooltip(state, [...lines, ...notices]),
  };
}

const limitsText = {
  aws: "Kinesis' limits hold: throughput, calls and quotas",
  warn: "What is over Kinesis' limits is admitted and counted",
  off: 'Neither throughput nor calls nor quotas are limited',
} as const;
