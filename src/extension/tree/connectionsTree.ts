/** The tree of the sidebar: connections, their streams, their shards; problems are rows that act. */
import * as vscode from 'vscode';
import type { ShardCounters } from '../../admin/counters.ts';
import { messageOf } from '../../base/errors.ts';
import { KinesisError } from '../../kinesis/errors.ts';
import type { StreamSummary } from '../../kinesis/operations/listStreams.ts';
import { type ConnectionInfo, localConnectionId } from '../connections/connection.ts';
import type { Connections } from '../connections/connections.ts';
import type { LocalEngine } from '../engine/localEngine.ts';
import { conditionsOf } from './engineConditions.ts';
import { byHashRange, isOpenShard } from './labels.ts';
import type {
  ActionNode,
  ClosedShardsNode,
  ConnectionNode,
  ShardNode,
  StreamNode,
  TreeNode,
} from './nodes.ts';
import type { StreamDirectory, StreamPlace } from './streamDirectory.ts';
import { streamTooltip } from './streamTooltip.ts';
import type { TrafficCounters } from './trafficCounters.ts';
import type { TrafficRates } from './trafficRates.ts';
import { type TreeFacts, treeItemOf } from './treeItems.ts';

export interface TreeParts {
  readonly engine: LocalEngine;
  readonly connections: Connections;
  readonly directory: StreamDirectory;
  readonly rates: TrafficRates;
  readonly counters: TrafficCounters;
}

const rateRefreshMs = 1_000;

export class ConnectionsTree implements vscode.TreeDataProvider<TreeNode> {
  private readonly parts: TreeParts;
  private readonly facts: TreeFacts;
  private readonly changed = new vscode.EventEmitter<TreeNode | undefined>();
  private readonly streamRows = new Map<string, StreamNode>();
  private readonly waiting = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(parts: TreeParts) {
    this.parts = parts;
    const { engine, connections, directory, rates, counters } = parts;
    this.facts = {
      get engine() {
        return engine.state;
      },
      shardCount: (node) => directory.shardCount(node),
      streamRate: (node) => rates.ofStream(node),
      shardRate: (node) => rates.ofShard(node, node.shardId),
      traffic: (node) => trafficOf(node, counters),
    };
    engine.onState(() => this.changed.fire(undefined));
    connections.onChange(() => this.changed.fire(undefined));
    directory.onChange((place) => this.redraw(place));
    rates.onChange((place) => this.redrawSoon(place));
    counters.onChange((stream) => this.redrawSoon({ connection: localConnectionId, stream }));
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return treeItemOf(node, this.facts);
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    switch (node?.type) {
      case undefined:
        return this.roots();
      case 'connection':
        return this.connectionRows(node);
      case 'stream':
        return this.shardRows(node);
      case 'closedShards':
        return node.shards.map((shard) => shardNode(node, shard));
      default:
        return [];
    }
  }

  async resolveTreeItem(item: vscode.TreeItem, node: TreeNode): Promise<vscode.TreeItem> {
    if (node.type !== 'stream') return item;
    const kinesis = this.parts.connections.kinesis(node.connection);
    item.tooltip = await streamTooltip(node, { kinesis, traffic: this.facts.traffic(node) });
    return item;
  }

  /** True when the view shows its welcome text instead of rows. */
  get isEmpty(): boolean {
    const { state } = this.parts.engine;
    if (this.parts.connections.aws().length > 0) return false;
    if (state.type === 'failed') return false;
    if (state.type !== 'running') return state.reason === undefined;
    const { streamCount, damaged } = state.status;
    return streamCount === 0 && damaged.length === 0 && conditionsOf(state.status).length === 0;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.changed.dispose();
  }

  private async roots(): Promise<TreeNode[]> {
    await this.parts.engine.probe();
    if (this.isEmpty) return [];
    return this.parts.connections.all().map(connectionNode);
  }

  private async localRows(node: ConnectionNode): Promise<TreeNode[]> {
    const { state } = this.parts.engine;
    const { connection } = node;
    if (state.type === 'running') {
      const { damaged, streamCount } = state.status;
      const broken = damaged.map((each) => damagedRow(connection, each));
      if (streamCount === 0) return [...broken, noStreamsRow(connection)];
      return [...broken, ...(await this.streamRowsOf(node))];
    }
    if (state.type === 'starting') {
      const label = state.reason ?? 'Starting the local engine…';
      return [{ type: 'action', connection, label, icon: 'loading~spin' }];
    }
    const start = startRow(connection, state.type === 'failed');
    if (state.type === 'failed') return [start, logRow(connection)];
    return state.reason ? [noteRow(connection, state.reason), start] : [start];
  }

  private async connectionRows(node: ConnectionNode): Promise<TreeNode[]> {
    try {
      if (node.info.kind === 'local') return await this.localRows(node);
      const rows = await this.streamRowsOf(node);
      return rows.length > 0
        ? rows
        : [noteRow(node.connection, `No streams in ${node.info.region}`)];
    } catch (thrown) {
      return [failedRow(node.connection, thrown), logRow(node.connection)];
    }
  }

  private async streamRowsOf({ connection, info }: ConnectionNode): Promise<TreeNode[]> {
    const { streams, hasMore } = await this.parts.directory.streams(connection);
    const rows: TreeNode[] = streams.map((summary) => this.streamRow(info, summary));
    if (hasMore) rows.push(moreRow(connection));
    return rows;
  }

  private streamRow(info: ConnectionInfo, summary: StreamSummary): StreamNode {
    const stream = summary.StreamName;
    const node: StreamNode = { type: 'stream', connection: info.id, stream, summary, info };
    this.streamRows.set(`${info.id}/${stream}`, node);
    return node;
  }

  private async shardRows(node: StreamNode): Promise<TreeNode[]> {
    const { connection, stream, info } = node;
    try {
      const shards = (await this.parts.directory.shards(node)).toSorted(byHashRange);
      const open = shards.filter(isOpenShard).map((shard) => shardNode(node, shard));
      const closed = shards.filter((shard) => !isOpenShard(shard));
      if (closed.length === 0) return open;
      return [...open, { type: 'closedShards', connection, stream, shards: closed, info }];
    } catch (thrown) {
      return [{ ...failedRow(connection, thrown), stream }];
    }
  }

  private redraw(place: StreamPlace | undefined): void {
    const node = place && this.streamRows.get(`${place.connection}/${place.stream}`);
    if (!place || node) this.changed.fire(node);
  }

  /** Rates change ten times a second, counters of many streams at once; the tree is redrawn once. */
  private redrawSoon({ connection, stream }: StreamPlace): void {
    this.waiting.add(`${connection}/${stream}`);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      for (const key of this.waiting) {
        const node = this.streamRows.get(key);
        if (node) this.changed.fire(node);
      }
      this.waiting.clear();
    }, rateRefreshMs);
  }
}

/** A shard in which nothing happened has an empty list; so has a stream, once the engine was asked. */
function trafficOf(
  { connection, stream, shardId }: StreamNode | ShardNode,
  counters: TrafficCounters,
): readonly ShardCounters[] | undefined {
  if (connection !== localConnectionId || !counters.isKnown) return undefined;
  const shards = counters.ofStream(stream)?.shards ?? [];
  return shardId === undefined ? shards : shards.filter(({ ShardId }) => ShardId === shardId);
}

const connectionNode = (info: ConnectionInfo): ConnectionNode => ({
  type: 'connection',
  connection: info.id,
  info,
});

function shardNode(of: StreamNode | ClosedShardsNode, shard: ShardNode['shard']): ShardNode {
  const { connection, stream, info } = of;
  return { type: 'shard', connection, stream, shardId: shard.ShardId, shard, info };
}

const startRow = (connection: string, again: boolean): ActionNode => ({
  type: 'action',
  connection,
  label: again ? 'Start the local engine again' : 'Start the local engine',
  icon: 'play',
  command: 'shardscope.startEngine',
});

const logRow = (connection: string): ActionNode => ({
  type: 'action',
  connection,
  label: 'Show the log',
  icon: 'output',
  command: 'shardscope.showLog',
});

const noteRow = (connection: string, label: string): ActionNode => ({
  type: 'action',
  connection,
  label,
  icon: 'info',
});

const moreRow = (connection: string): ActionNode => ({
  type: 'action',
  connection,
  label: 'Show more streams',
  icon: 'more',
  command: 'shardscope.showMoreStreams',
});

const noStreamsRow = (connection: string): ActionNode => ({
  type: 'action',
  connection,
  label: 'No streams yet: create one',
  icon: 'add',
  command: 'shardscope.createStream',
});

function damagedRow(
  connection: string,
  { stream, reason }: { stream: string; reason: string },
): ActionNode {
  return {
    type: 'action',
    connection,
    stream,
    label: stream,
    description: 'damaged: delete what is left',
    tooltip: reason,
    icon: 'warning',
    command: 'shardscope.dropDamagedStream',
  };
}

/** One row for what went wrong; clicking it tries again, after a sign-in where that is the cause. */
function failedRow(connection: string, thrown: unknown): ActionNode {
  const isSignIn = thrown instanceof KinesisError && thrown.name === 'CredentialsError';
  return {
    type: 'action',
    connection,
    label: isSignIn ? 'Sign in again, then retry' : 'Retry',
    description: messageOf(thrown),
    tooltip: messageOf(thrown),
    icon: isSignIn ? 'key' : 'refresh',
    command: 'shardscope.refresh',
  };
}
