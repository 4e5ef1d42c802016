/** Draws the rows of the tree: label, description, icon, accessible label, and the context menus' key. */
import * as vscode from 'vscode';
import type { ShardCounters } from '../../admin/counters.ts';
import { shortShardId } from '../../kinesis/shardId.ts';
import { connectionDescription } from '../connections/connection.ts';
import type { EngineState } from '../engine/localEngine.ts';
import { conditionsOf } from './engineConditions.ts';
import { engineTooltip } from './engineTooltip.ts';
import {
  counted,
  isOpenShard,
  rateText,
  restartText,
  type ShardRate,
  shardDescription,
  shardLabel,
} from './labels.ts';
import type {
  ActionNode,
  ClosedShardsNode,
  ConnectionNode,
  ShardNode,
  StreamNode,
  TreeNode,
} from './nodes.ts';
import { isOverLimits, overLimitsText, trafficLines } from './trafficText.ts';

/** What a row shows beyond itself; all of it from memory. */
export interface TreeFacts {
  readonly engine: EngineState;
  shardCount(node: StreamNode): number | undefined;
  streamRate(node: StreamNode): number | undefined;
  shardRate(node: ShardNode): ShardRate | undefined;
  /** Of the last minute, by the local engine; undefined for other connections and before it was asked. */
  traffic(node: StreamNode | ShardNode): readonly ShardCounters[] | undefined;
}

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

export function treeItemOf(node: TreeNode, facts: TreeFacts): vscode.TreeItem {
  switch (node.type) {
    case 'connection':
      return connectionItem(node, facts.engine);
    case 'stream':
      return streamItem(node, facts);
    case 'shard':
      return shardItem(node, facts);
    case 'closedShards':
      return closedShardsItem(node);
    case 'action':
      return actionItem(node);
  }
}

interface Row {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly context: string;
  readonly state: vscode.TreeItemCollapsibleState;
  readonly spoken?: string;
}

function row({ id, label, description, icon, context, state, spoken }: Row): vscode.TreeItem {
  const item = new vscode.TreeItem(label, state);
  item.id = id;
  item.description = description;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.contextValue = context;
  item.accessibilityInformation = {
    label: spoken ?? [label, description].filter(Boolean).join(', '),
  };
  return item;
}

function connectionItem(
  { connection, info }: ConnectionNode,
  engine: EngineState,
): vscode.TreeItem {
  if (info.kind === 'aws') {
    return row({
      id: connection,
      label: info.label,
      description: connectionDescription(info),
      icon: info.writable ? 'unlock' : 'lock',
      context: `connection.aws.${info.writable ? 'unlocked' : 'locked'}`,
      state: Collapsed,
    });
  }
  const item = row({
    id: connection,
    label: info.label,
    description: engineDescription(engine, info.place),
    icon: engine.type === 'failed' ? 'error' : 'server-process',
    context: `connection.local.${engine.type}`,
    state: Expanded,
  });
  if (engine.type === 'running') item.tooltip = engineTooltip(engine, [engineFacts(engine)]);
  return item;
}

/** `port 4567, 2 streams`, or what the engine does instead of running. */
function engineDescription(engine: EngineState, place: string): string {
  if (engine.type !== 'running') return engine.type;
  const { streamCount, folderUse } = engine.status;
  const facts = [place, counted(streamCount, 'stream')];
  if (folderUse.state === 'near') facts.push('data folder nearly full');
  if (folderUse.state === 'full') facts.push('data folder full: puts are refused');
  if (folderUse.state === 'disk') facts.push('disk full: puts are refused');
  facts.push(...conditionsOf(engine.status).map(({ text }) => text));
  if (engine.restarted) facts.push(restartText(engine.restarted));
  return facts.join(', ');
}

const engineFacts = ({ status }: EngineState & { type: 'running' }): string =>
  `Local Kinesis engine at ${status.endpoint}`;

function streamItem(node: StreamNode, facts: TreeFacts): vscode.TreeItem {
  const { StreamStatus: status, StreamModeDetails: mode } = node.summary;
  const shardCount = facts.shardCount(node);
  const rate = facts.streamRate(node);
  const said: string[] = [];
  if (shardCount !== undefined) said.push(counted(shardCount, 'shard'));
  if (rate !== undefined) said.push(rateText(rate));
  if (mode?.StreamMode === 'ON_DEMAND') said.push('on-demand');
  if (status !== 'ACTIVE') said.push(status.toLowerCase());
  const isOver = isOverLimits(facts.traffic(node) ?? []);
  if (isOver) said.push(overLimitsText);
  const access = node.info.kind === 'local' ? 'local' : node.info.writable ? 'unlocked' : 'locked';
  return row({
    id: `${node.connection}/${node.stream}`,
    label: node.stream,
    description: said.join(', '),
    icon: isOver ? 'warning' : status === 'ACTIVE' ? 'pulse' : 'sync',
    context: `stream.${access}`,
    state: Collapsed,
    spoken: [`Stream ${node.stream}`, ...said].join(', '),
  });
}

function shardItem(node: ShardNode, facts: TreeFacts): vscode.TreeItem {
  const { shard, info } = node;
  const rate = facts.shardRate(node);
  const traffic = facts.traffic(node);
  const access = info.writable ? 'writable' : 'locked';
  const isOpen = isOpenShard(shard);
  const isOver = isOverLimits(traffic ?? []);
  const over = isOver ? `, ${overLimitsText}` : '';
  const item = row({
    id: `${node.connection}/${node.stream}/${node.shardId}`,
    label: shortShardId(shard.ShardId),
    description: shardDescription(shard, rate) + over,
    icon: isOver ? 'warning' : shardIcon({ isOpen, isHot: rate?.isHot ?? false }),
    context: isOpen ? `shard.open.${access}` : 'shard.closed',
    state: None,
    spoken: shardLabel(shard, rate) + over,
  });
  const { StartingHashKey, EndingHashKey } = shard.HashKeyRange;
  const about = [shard.ShardId, `Hash keys ${StartingHashKey} to ${EndingHashKey}`];
  item.tooltip = [...about, ...(traffic ? trafficLines(traffic) : [])].join('\n');
  return item;
}

const shardIcon = ({ isOpen, isHot }: { isOpen: boolean; isHot: boolean }): string =>
  !isOpen ? 'circle-slash' : isHot ? 'flame' : 'symbol-number';

function closedShardsItem({ connection, stream, shards }: ClosedShardsNode): vscode.TreeItem {
  return row({
    id: `${connection}/${stream}/closed`,
    label: counted(shards.length, 'closed shard'),
    description: '',
    icon: 'archive',
    context: 'closedShards',
    state: Collapsed,
  });
}

function actionItem(node: ActionNode): vscode.TreeItem {
  const item = row({
    id: `${node.connection}/${node.stream ?? ''}/${node.command ?? ''}/${node.label}`,
    label: node.label,
    description: node.description ?? '',
    icon: node.icon,
    context: 'action',
    state: None,
  });
  item.tooltip = node.tooltip ?? node.label;
  if (node.command) item.command = { command: node.command, title: node.label, arguments: [node] };
  return item;
}
