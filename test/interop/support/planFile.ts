// The plan and what was read as lines of words, which a driver in any language reads and writes
// without a library: what may hold any character is base64.
import type { Got } from './verdict.ts';
import type { Plan, Step, WorkRecord } from './workload.ts';

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

const recordLine = ({ key, explicitHashKey = '-', data }: WorkRecord): string =>
  `put ${base64(key)} ${explicitHashKey} ${data.toString('base64')}`.trimEnd();

function stepLines(step: Step): string[] {
  switch (step.kind) {
    case 'put':
      return [recordLine(step.record)];
    case 'batch':
      return [`batch ${step.records.length}`, ...step.records.map(recordLine)];
    case 'split':
      return [`split ${step.shard} ${step.at}`];
    case 'merge':
      return [`merge ${step.shard} ${step.adjacent}`];
    case 'scale':
      return [`scale ${step.count}`];
  }
}

/** First `stream NAME SHARDS`; after `batch N` the next N lines are one PutRecords. */
export function planText(plan: Plan): string {
  const lines = [`stream ${plan.stream} ${plan.shardCount}`, ...plan.steps.flatMap(stepLines)];
  return `${lines.join('\n')}\n`;
}

export interface DriverOutput {
  readonly version: string;
  readonly got: readonly Got[];
}

/**
 * Lines `version TEXT` and `got SHARD NUMBER KEY DATA`, which for what was in an aggregate has its
 * explicit hash key as one more word, or `-`; others are the driver's own.
 */
export function parseOutput(text: string): DriverOutput {
  const lines = text.split('\n').map((line) => line.split(' '));
  const got = lines
    .filter(([word]) => word === 'got')
    .map(([, shard = '', sequenceNumber = '', key = '', data = '', hashKey]) => ({
      shard,
      sequenceNumber,
      key: Buffer.from(key, 'base64').toString('utf8'),
      data: Buffer.from(data, 'base64'),
      ...(hashKey !== undefined && { aggregatedHashKey: hashKey === '-' ? '' : hashKey }),
    }));
  const version = lines.find(([word]) => word === 'version');
  return { version: version?.slice(1).join(' ') ?? '?', got };
}

/** What parseOutput() takes. */
export function outputText({ version, got }: DriverOutput): string {
  const lines = got.map(
    ({ shard, sequenceNumber, key, data }) =>
      `got ${shard} ${sequenceNumber} ${base64(key)} ${data.toString('base64')}`,
  );
  return `${[`version ${version}`, ...lines].join('\n')}\n`;
}
