/** The rows of the tree as data. A row names its connection, stream and shard, so it is a command's target as it is. */
import type { StreamSummary } from '../../kinesis/operations/listStreams.ts';
import type { Shard } from '../../kinesis/shapes.ts';
import type { ConnectionInfo } from '../connections/connection.ts';

/** What a command is to work on; what is missing is asked for. */
export interface Target {
  readonly connection?: string | undefined;
  readonly stream?: string | undefined;
  readonly shardId?: string | undefined;
}

export interface ConnectionNode extends Target {
  readonly type: 'connection';
  readonly connection: string;
  readonly info: ConnectionInfo;
}

export interface StreamNode extends Target {
  readonly type: 'stream';
  readonly connection: string;
  readonly stream: string;
  readonly summary: StreamSummary;
  readonly info: ConnectionInfo;
}

export interface ShardNode extends Target {
  readonly type: 'shard';
  readonly connection: string;
  readonly stream: string;
  readonly shardId: string;
  readonly shard: Shard;
  readonly info: ConnectionInfo;
}

/** The closed shards of a stream, folded into one row. */
export interface ClosedShardsNode extends Target {
  readonly type: 'closedShards';
  readonly connection: string;
  readonly stream: string;
  readonly shards: readonly Shard[];
  readonly info: ConnectionInfo;
}

/** A row that says something and, when clicked, does what is to be done about it. */
export interface ActionNode extends Target {
  readonly type: 'action';
  readonly connection: string;
  readonly label: string;
  readonly description?: string | undefined;
  readonly tooltip?: string | undefined;
  readonly icon: string;
  readonly command?: string | undefined;
}

export type TreeNode = ConnectionNode | StreamNode | ShardNode | ClosedShardsNode | ActionNode;
