/** The connections of this window: what the settings name, what is unlocked, what the worker knows. */
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { parseStreamArn, type StreamArn } from '../../kinesis/arn.ts';
import type { KinesisApi } from '../../kinesis/kinesisApi.ts';
import type { WorkerMethods } from '../../protocol/worker.ts';
import { portOf } from '../engine/engineOptions.ts';
import type { LocalEngine } from '../engine/localEngine.ts';
import type { ConnectionSetting } from '../settings.ts';
import type { WorkerThread } from '../worker/workerThread.ts';
import { type AwsConnectionInfo, type ConnectionInfo, localConnectionId } from './connection.ts';

export interface ConnectionsParts {
  readonly engine: Pick<LocalEngine, 'state' | 'address' | 'onState'>;
  readonly worker: Pick<WorkerThread, 'isRunning' | 'onStarted' | 'call' | 'kinesis'>;
  settings(): readonly ConnectionSetting[];
}

/** Whose streams a connection shows. */
type Owner = Pick<StreamArn, 'account' | 'partition'>;

const defaultRegion = 'us-east-1';

export class Connections implements Disposable {
  private readonly parts: ConnectionsParts;
  /** By place, not by name: what was allowed for one account never holds for another. */
  private readonly unlocked = new Set<string>();
  private readonly owners = new Map<string, Owner>();
  private readonly declared = new Set<string>();
  /** Of the engine that the worker knows: declaring it again would cut its calls off. */
  private declaredNonce: string | undefined;
  private readonly subscriptions: Disposable[];
  private readonly changed = new Emitter<void>();

  /** A connection came, went, or may be written to now. */
  readonly onChange = this.changed.event;

  constructor(parts: ConnectionsParts) {
    this.parts = parts;
    this.subscriptions = [
      parts.worker.onStarted(() => {
        this.declared.clear();
        this.declaredNonce = undefined;
        this.declareLocal();
      }),
      parts.engine.onState(({ type }) => {
        if (type === 'running' && parts.worker.isRunning) this.declareLocal();
      }),
    ];
  }

  /** The local engine first. */
  all(): ConnectionInfo[] {
    return [this.local(), ...this.aws()];
  }

  aws(): AwsConnectionInfo[] {
    return this.parts.settings().map((setting) => this.awsInfo(setting));
  }

  find(id: string): ConnectionInfo | undefined {
    return this.all().find((connection) => connection.id === id);
  }

  /** Kinesis through a connection. Its calls reject when the connection is gone. */
  kinesis(id: string): KinesisApi {
    this.declare(id);
    return this.parts.worker.kinesis(id);
  }

  /** Makes the worker know the connection; needed before it is named to the worker in any way. */
  declare(id: string): void {
    const connection = this.find(id);
    if (connection?.kind !== 'aws' || this.declared.has(id)) return;
    const { kind, profile, region, endpoint, writable } = connection;
    this.tell('connect', { kind, id, profile, region, endpoint });
    this.declared.add(id);
    if (writable) this.tell('setWritable', { connection: id, writable });
  }

  /** Without waiting: a worker that dies meanwhile is told everything again when it is next used. */
  private tell<N extends 'connect' | 'disconnect' | 'setWritable' | 'setClock'>(
    method: N,
    params: Parameters<WorkerMethods[N]>[0],
  ): void {
    this.parts.worker.call(method, params).catch(() => undefined);
  }

  /** Lets writes through, or no more. */
  async setWritable(connection: string, writable: boolean): Promise<void> {
    this.declare(connection);
    await this.parts.worker.call('setWritable', { connection, writable });
    const place = this.placeOf(connection);
    if (place !== undefined && writable) this.unlocked.add(place);
    else if (place !== undefined) this.unlocked.delete(place);
    this.changed.fire();
  }

  /** The settings have changed: the worker hears of a connection again when it is next used. */
  reload(): void {
    const names = new Set(this.aws().map(({ id }) => id));
    for (const id of this.declared) {
      if (!names.has(id)) this.tell('disconnect', { connection: id });
    }
    this.declared.clear();
    this.changed.fire();
  }

  /** Remembers the account that an answer's ARN tells, and the partition. */
  learnAccount(id: string, streamArn: string): void {
    const owner = parseStreamArn(streamArn);
    const place = this.placeOf(id);
    if (!owner || place === undefined || this.owners.get(place)?.account === owner.account) return;
    this.owners.set(place, owner);
    this.changed.fire();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private local(): ConnectionInfo {
    const { state } = this.parts.engine;
    const status = state.type === 'running' ? state.status : undefined;
    return {
      kind: 'local',
      id: localConnectionId,
      label: 'Local engine',
      region: status?.region ?? defaultRegion,
      account: status?.account,
      place: status ? `port ${portOf(status.endpoint)}` : '',
      endpoint: status?.endpoint,
      writable: true,
    };
  }

  private placeOf(id: string): string | undefined {
    const setting = this.parts.settings().find(({ name }) => `aws:${name}` === id);
    return setting && placeOf(setting);
  }

  private awsInfo(setting: ConnectionSetting): AwsConnectionInfo {
    const { name, profile, region, endpoint } = setting;
    const id = `aws:${name}`;
    const { account, partition } = this.owners.get(placeOf(setting)) ?? {};
    const writable = this.unlocked.has(placeOf(setting));
    const place = endpoint ? hostOf(endpoint) : '';
    const owner = { account, partition };
    return { kind: 'aws', id, label: name, region, profile, endpoint, place, ...owner, writable };
  }

  /** How its clock stands is told each time: it may be what has changed. */
  private declareLocal(): void {
    const { state, address } = this.parts.engine;
    if (state.type !== 'running' || !address) return;
    const { region, clock } = state.status;
    this.tell('setClock', { connection: localConnectionId, clock });
    if (this.declaredNonce === address.nonce) return;
    this.declaredNonce = address.nonce;
    this.tell('connect', { kind: 'local', id: localConnectionId, region, ...address });
  }

  /** A failure shows where the connection is used. */
}

/** What makes two connections the same one: all of the setting, its name included. */
function placeOf({ name, profile, region, endpoint }: ConnectionSetting): string {
  return JSON.stringify([name, profile, region, endpoint]);
}

function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}
