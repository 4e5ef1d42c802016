/**
 * The stream engine: Kinesis' operations and the engine's own on one data folder. It puts the parts
 * together and words what a caller sees of a failure; how streams behave is in the parts.
 */
import type { DamagedStream, FolderUse, StreamSeed } from '../admin/adminApi.ts';
import type { ShardImport } from '../admin/controls.ts';
import type { CountersQuery, EngineCounters } from '../admin/counters.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { messageOf } from '../base/errors.ts';
import { parseStreamArn } from '../kinesis/arn.ts';
import { KinesisError, limitExceeded, streamExists } from '../kinesis/errors.ts';
import type { CallContext, KinesisApi } from '../kinesis/kinesisApi.ts';
import {
  type InputOf,
  type OperationName,
  type OutputOf,
  operations,
} from '../kinesis/operations.ts';
import { uncheckedPart } from '../kinesis/packedInputs.ts';
import { validate } from '../kinesis/validate.ts';
import { Ages } from './ages.ts';
import { Capacity } from './capacity.ts';
import { Catalog } from './catalog.ts';
import { ConsumerStates } from './consumerStates.ts';
import { consumerArnOf, consumersOf } from './consumers.ts';
import { arnOf } from './describe.ts';
import type { EngineParts, Handler, Scope } from './engineParts.ts';
import { callTargetOf, type TargetedCall } from './faults/callTarget.ts';
import { FolderSizes } from './folderSizes.ts';
import { handlers } from './handlers.ts';
import { Housekeeping } from './housekeeping.ts';
import { withShards } from './importShards.ts';
import { readKeyFloor } from './keyFloor.ts';
import { CallLimits } from './limits/callLimits.ts';
import { countersView } from './limits/countersView.ts';
import { Throughput } from './limits/throughput.ts';
import { LogError } from './log/logError.ts';
import { logOpener } from './logOpener.ts';
import { OnDemand } from './onDemand.ts';
import { OpenStreams } from './openStreams.ts';
import { newStream } from './operations/createStream.ts';
import { type EnginePorts, type EngineSettings, engineDefaults } from './ports.ts';
import { policyOf } from './resources.ts';
import { Retention } from './retention.ts';
import { StreamImports } from './streamImports.ts';
import { Subscriptions } from './subscriptions.ts';
import { Tokens } from './tokens.ts';
import { Transitions } from './transitions.ts';

/** What changed: the list or shape of streams, or what `folderUse`, `notices` and `damaged` say. */
export type EngineChange = 'streams' | 'status';

export class Engine implements KinesisApi {
  readonly settings: EngineSettings;
  private readonly parts: EngineParts;
  private readonly retention: Retention;
  private readonly onDemand: OnDemand;
  private readonly housekeeping: Housekeeping;
  private readonly imports: StreamImports;
  private readonly emitter = new Emitter<EngineChange>();
  private isClosed = false;

  private constructor(parts: EngineParts) {
    this.parts = parts;
    this.settings = parts.settings;
    this.retention = new Retention(parts);
    this.onDemand = new OnDemand(parts);
    this.imports = new StreamImports(parts);
    this.housekeeping = new Housekeeping(parts, (input, context) =>
      this.createStream(input, context),
    );
    parts.catalog.onDidChange(() => {
      parts.subscriptions.look();
      this.emitter.fire('streams');
    });
    parts.streams.changed.event(() => this.emitter.fire('status'));
    parts.capacity.changed.event(() => this.emitter.fire('status'));
  }

  /**
   * Opens the data folder that `ports.files` is rooted at, whose lock the caller holds, and goes on with
   * what was pending. Throws LogError CORRUPT or FORMAT when the catalog cannot be read; damaged streams
   * do not prevent opening.
   */
  static async open(ports: EnginePorts, settings: Partial<EngineSettings> = {}): Promise<Engine> {
    const all = { ...engineDefaults, ...settings };
    const { files, clock, logger } = ports;
    const catalog = await Catalog.open(ports, all);
    const sizes = new FolderSizes(ports);
    const openLog = sizes.around(logOpener(ports, all));
    const keyFloor = await readKeyFloor(files);
    const streams = new OpenStreams({ ports, catalog, openLog, keyFloor });
    const capacity = new Capacity({ ports, settings: all, catalog, streams, sizes });
    const { stateDelays } = all;
    const pace = { clock, random: ports.random, stateDelays };
    const transitions = new Transitions({ catalog, streams, files, logger, ...pace });
    const ages = new Ages(clock);
    const tokens = new Tokens({ ...ports, ages });
    await capacity.measure();
    const throughput = new Throughput({ clock, logger, limits: all.limits });
    const callLimits = new CallLimits({ clock, limits: all.limits });
    const consumerStates = new ConsumerStates({ catalog, logger, ...pace });
    const subscriptions = new Subscriptions();
    const shared = {
      consumerStates,
      subscriptions,
      catalog,
      streams,
      capacity,
      throughput,
      callLimits,
      transitions,
      tokens,
      ages,
    };
    const engine = new Engine({ ports, settings: all, logger, ...shared });
    transitions.resume();
    consumerStates.resume();
    engine.retention.start();
    return engine;
  }

  /** Each listener is told after the change is durable. */
  get onDidChange(): Event<EngineChange> {
    return this.emitter.event;
  }

  folderUse(): FolderUse {
    return this.parts.capacity.use;
  }

  streamCount(): number {
    return this.parts.catalog.streamCount;
  }

  /** What opening the folder and its streams had to repair; sentences for the user. */
  get notices(): readonly string[] {
    return [...this.parts.catalog.notices, ...this.parts.streams.notices];
  }

  damaged(): DamagedStream[] {
    return this.parts.streams.damaged();
  }

  /**
   * What was counted in the last seconds, shard by shard, and the calls since the start. Throws
   * InvalidArgument or ResourceNotFound.
   */
  counters(query: CountersQuery = {}): EngineCounters {
    return countersView(this.parts, query);
  }

  /** Deletes every stream of every account; resolved: their files are gone. */
  reset(): Promise<void> {
    return this.guarded(() => this.housekeeping.reset());
  }

  /** Removes all records of a stream. Throws ResourceNotFound, or InternalFailure when it is damaged. */
  emptyStream(name: string): Promise<void> {
    return this.guarded(() => this.housekeeping.emptyStream(name));
  }

  /** Deletes a stream listed in `damaged`. Throws ResourceNotFound or InvalidArgument. */
  dropDamaged(name: string): Promise<void> {
    return this.guarded(() => this.housekeeping.dropDamaged(name));
  }

  /** Creates the missing ones of `seeds` in the default account; resolved: all are ACTIVE. */
  ensureStreams(seeds: readonly StreamSeed[]): Promise<void> {
    return this.guarded(() => this.housekeeping.ensureStreams(seeds));
  }

  /** Removes what has expired now instead of at the next half hour. */
  removeExpired(): Promise<void> {
    return this.guarded(() => this.retention.sweep());
  }

  /** Creates a stream with the shards of another one. Throws ResourceInUse or InvalidArgument. */
  importShards(spec: ShardImport): Promise<void> {
    return this.guarded(async () => {
      const scope = this.scopeOf({ own: true });
      const input = { StreamName: spec.stream, ShardCount: 1 };
      const stream = withShards(newStream(this.parts, { input, scope }), spec);
      await this.parts.catalog.update(() => {
        if (this.parts.catalog.byName(stream)) throw streamExists(stream);
        return [{ type: 'stream', stream }];
      });
    });
  }

  /** Brings in streams with their records. Each step may throw what a put or a CreateStream does. */
  whileImporting<T>(step: (imports: StreamImports) => Promise<T>): Promise<T> {
    return this.guarded(() => step(this.imports));
  }

  /** Where a call goes; undefined for one that cannot succeed. */
  targetOf(call: Omit<TargetedCall, 'scope'> & { context: CallContext | undefined }) {
    const { context, ...rest } = call;
    return callTargetOf(this.parts, { ...rest, scope: this.scopeOf(context) } as TargetedCall);
  }

  /** The name of the stream that an iterator reads, however old; undefined when it is none of ours. */
  streamNameIn(iterator: string): string | undefined {
    return this.parts.tokens.streamNameIn(iterator);
  }

  /**
   * The ARN of the stream that an iterator or a page of ListShards goes on in, as a caller of that region
   * sees it; undefined when the token is none of ours or the stream is gone.
   */
  streamArnIn(token: string, region = this.settings.region): string | undefined {
    const { tokens, catalog } = this.parts;
    const { streamId = '', ...key } = tokens.streamIn(token) ?? {};
    const stored = catalog.byId(streamId);
    if (!stored) return undefined;
    const seen = catalog.byName({ ...stored, ...key, region });
    return arnOf(seen?.id === streamId ? seen : stored);
  }

  /** The ARN of the consumer of that name of the stream that an ARN names; undefined when it has none. */
  consumerArnIn(streamArn: string, name: string): string | undefined {
    const parts = parseStreamArn(streamArn);
    const stream = parts && this.parts.catalog.byName(parts);
    const consumer = stream && consumersOf(stream).find((one) => one.name === name);
    return consumer && consumerArnOf(stream, consumer);
  }

  /** The policy of the stream or consumer that an ARN names; undefined where there is none. */
  policyOf(arn: string): string | undefined {
    return policyOf(this.parts, arn);
  }

  /** The highest number that a stream in use gives next; 0 when none is. */
  get upcomingKey(): number {
    return Math.max(0, ...this.parts.streams.all().map(({ upcomingKey }) => upcomingKey));
  }

  /** Resolves when every change of state that is under way has happened. */
  settled(): Promise<void> {
    return this.parts.transitions.idle();
  }

  /** Brings all that was acknowledged to the disk, and waits for what the clock has started. */
  async quiet(): Promise<void> {
    await this.retention.idle();
    await this.parts.transitions.idle();
    // Scaling on demand is begun by a put that does not wait for it.
    await this.parts.catalog.idle();
    await Promise.all(this.parts.streams.all().map(({ log }) => log.flush()));
  }

  /** Ends in order: what is in flight is stored, everything after it is refused. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.retention.dispose();
    this.onDemand.dispose();
    await this.retention.idle();
    this.parts.consumerStates.close();
    this.parts.subscriptions.close();
    await this.parts.transitions.close();
    await this.parts.streams.close();
    await this.parts.capacity.close();
    await this.parts.catalog.close();
  }

  addTagsToStream(input: InputOf<'AddTagsToStream'>, context?: CallContext) {
    return this.run('AddTagsToStream', { input, context });
  }
  createStream(input: InputOf<'CreateStream'>, context?: CallContext) {
    return this.run('CreateStream', { input, context });
  }
  decreaseStreamRetentionPeriod(
    input: InputOf<'DecreaseStreamRetentionPeriod'>,
    context?: CallContext,
  ) {
    return this.run('DecreaseStreamRetentionPeriod', { input, context });
  }
  deleteResourcePolicy(input: InputOf<'DeleteResourcePolicy'>, context?: CallContext) {
    return this.run('DeleteResourcePolicy', { input, context });
  }
  deleteStream(input: InputOf<'DeleteStream'>, context?: CallContext) {
    return this.run('DeleteStream', { input, context });
  }
  deregisterStreamConsumer(input: InputOf<'DeregisterStreamConsumer'>, context?: CallContext) {
    return this.run('DeregisterStreamConsumer', { input, context });
  }
  describeAccountSettings(input: InputOf<'DescribeAccountSettings'>, context?: CallContext) {
    return this.run('DescribeAccountSettings', { input, context });
  }
  describeLimits(input: InputOf<'DescribeLimits'>, context?: CallContext) {
    return this.run('DescribeLimits', { input, context });
  }
  describeStream(input: InputOf<'DescribeStream'>, context?: CallContext) {
    return this.run('DescribeStream', { input, context });
  }
  describeStreamConsumer(input: InputOf<'DescribeStreamConsumer'>, context?: CallContext) {
    return this.run('DescribeStreamConsumer', { input, context });
  }
  describeStreamSummary(input: InputOf<'DescribeStreamSummary'>, context?: CallContext) {
    return this.run('DescribeStreamSummary', { input, context });
  }
  disableEnhancedMonitoring(input: InputOf<'DisableEnhancedMonitoring'>, context?: CallContext) {
    return this.run('DisableEnhancedMonitoring', { input, context });
  }
  enableEnhancedMonitoring(input: InputOf<'EnableEnhancedMonitoring'>, context?: CallContext) {
    return this.run('EnableEnhancedMonitoring', { input, context });
  }
  getRecords(input: InputOf<'GetRecords'>, context?: CallContext) {
    return this.run('GetRecords', { input, context });
  }
  getResourcePolicy(input: InputOf<'GetResourcePolicy'>, context?: CallContext) {
    return this.run('GetResourcePolicy', { input, context });
  }
  getShardIterator(input: InputOf<'GetShardIterator'>, context?: CallContext) {
    return this.run('GetShardIterator', { input, context });
  }
  increaseStreamRetentionPeriod(
    input: InputOf<'IncreaseStreamRetentionPeriod'>,
    context?: CallContext,
  ) {
    return this.run('IncreaseStreamRetentionPeriod', { input, context });
  }
  listShards(input: InputOf<'ListShards'>, context?: CallContext) {
    return this.run('ListShards', { input, context });
  }
  listStreamConsumers(input: InputOf<'ListStreamConsumers'>, context?: CallContext) {
    return this.run('ListStreamConsumers', { input, context });
  }
  listStreams(input: InputOf<'ListStreams'>, context?: CallContext) {
    return this.run('ListStreams', { input, context });
  }
  listTagsForResource(input: InputOf<'ListTagsForResource'>, context?: CallContext) {
    return this.run('ListTagsForResource', { input, context });
  }
  listTagsForStream(input: InputOf<'ListTagsForStream'>, context?: CallContext) {
    return this.run('ListTagsForStream', { input, context });
  }
  mergeShards(input: InputOf<'MergeShards'>, context?: CallContext) {
    return this.run('MergeShards', { input, context });
  }
  putRecord(input: InputOf<'PutRecord'>, context?: CallContext) {
    return this.run('PutRecord', { input, context });
  }
  putRecords(input: InputOf<'PutRecords'>, context?: CallContext) {
    return this.run('PutRecords', { input, context });
  }
  putResourcePolicy(input: InputOf<'PutResourcePolicy'>, context?: CallContext) {
    return this.run('PutResourcePolicy', { input, context });
  }
  registerStreamConsumer(input: InputOf<'RegisterStreamConsumer'>, context?: CallContext) {
    return this.run('RegisterStreamConsumer', { input, context });
  }
  removeTagsFromStream(input: InputOf<'RemoveTagsFromStream'>, context?: CallContext) {
    return this.run('RemoveTagsFromStream', { input, context });
  }
  splitShard(input: InputOf<'SplitShard'>, context?: CallContext) {
    return this.run('SplitShard', { input, context });
  }
  startStreamEncryption(input: InputOf<'StartStreamEncryption'>, context?: CallContext) {
    return this.run('StartStreamEncryption', { input, context });
  }
  stopStreamEncryption(input: InputOf<'StopStreamEncryption'>, context?: CallContext) {
    return this.run('StopStreamEncryption', { input, context });
  }
  subscribeToShard(input: InputOf<'SubscribeToShard'>, context?: CallContext) {
    return this.run('SubscribeToShard', { input, context });
  }
  tagResource(input: InputOf<'TagResource'>, context?: CallContext) {
    return this.run('TagResource', { input, context });
  }
  untagResource(input: InputOf<'UntagResource'>, context?: CallContext) {
    return this.run('UntagResource', { input, context });
  }
  updateAccountSettings(input: InputOf<'UpdateAccountSettings'>, context?: CallContext) {
    return this.run('UpdateAccountSettings', { input, context });
  }
  updateMaxRecordSize(input: InputOf<'UpdateMaxRecordSize'>, context?: CallContext) {
    return this.run('UpdateMaxRecordSize', { input, context });
  }
  updateShardCount(input: InputOf<'UpdateShardCount'>, context?: CallContext) {
    return this.run('UpdateShardCount', { input, context });
  }
  updateStreamMode(input: InputOf<'UpdateStreamMode'>, context?: CallContext) {
    return this.run('UpdateStreamMode', { input, context });
  }
  updateStreamRecordDistributionStrategy(
    input: InputOf<'UpdateStreamRecordDistributionStrategy'>,
    context?: CallContext,
  ) {
    return this.run('UpdateStreamRecordDistributionStrategy', { input, context });
  }
  updateStreamWarmThroughput(input: InputOf<'UpdateStreamWarmThroughput'>, context?: CallContext) {
    return this.run('UpdateStreamWarmThroughput', { input, context });
  }

  private run<N extends OperationName>(
    name: N,
    call: { input: InputOf<N>; context: CallContext | undefined },
  ): Promise<OutputOf<N>> {
    const handler = handlers[name] as Handler<N>;
    return this.guarded(() => {
      validate(operations[name].input, uncheckedPart(call.input));
      const scope = this.scopeOf(call.context);
      this.parts.callLimits.admit(name, { input: call.input, scope });
      return handler(this.parts, { input: call.input, scope });
    });
  }

  private scopeOf({ account, region, own, accessKeyId }: CallContext = {}): Scope {
    return {
      account: account ?? this.settings.account,
      region: region ?? this.settings.region,
      own: own ?? false,
      caller: accessKeyId ?? '',
    };
  }

  /** A LogError that no part has worded becomes the exception a caller can read. */
  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    if (this.isClosed) throw new KinesisError('InternalFailure', 'The engine is stopping.');
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      this.parts.logger.error(messageOf(error));
      if (error.code === 'FULL') throw limitExceeded(error.message);
      throw new KinesisError('InternalFailure', error.message);
    }
  }
}
