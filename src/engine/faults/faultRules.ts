/** The rules in force: which calls each covers, its chance, and how often it has hit. It plays no fault. */
import { type FaultRule, type FaultSpec, faultRulesMax, mayHit } from '../../admin/faults.ts';
import type { Random } from '../../base/random.ts';
import { KinesisError, limitExceeded } from '../../kinesis/errors.ts';
import type { OperationName } from '../../kinesis/operations.ts';
import { Chance } from './chance.ts';

/** A rule in force. */
export class ActiveRule {
  readonly id: number;
  readonly spec: FaultSpec & Pick<FaultRule, 'probability' | 'seed'>;
  private readonly chance: Chance;
  hits = 0;

  constructor(id: number, spec: ActiveRule['spec']) {
    this.id = id;
    this.spec = spec;
    this.chance = new Chance(spec.seed);
  }

  /** Whether it has hit as many calls as it may. */
  get isSpent(): boolean {
    return this.hits >= (this.spec.count ?? Number.POSITIVE_INFINITY);
  }

  covers(call: { operation: OperationName; stream: string | undefined }): boolean {
    const { effect, operation, stream } = this.spec;
    if (!mayHit(effect, call.operation)) return false;
    if (operation !== undefined && operation !== call.operation) return false;
    return stream === undefined || stream === call.stream;
  }

  coversShard(shardId: string): boolean {
    return this.spec.shard === undefined || this.spec.shard === shardId;
  }

  draw(): boolean {
    const { probability } = this.spec;
    return probability === 1 || this.chance.draw(probability);
  }
}

export class FaultRules {
  private readonly random: Random;
  private readonly changed: () => void;
  private readonly rules = new Map<number, ActiveRule>();
  private lastId = 0;

  /** `random` gives the seeds that nobody asked for; `changed` is told when a rule comes or goes. */
  constructor(random: Random, changed: () => void = () => undefined) {
    this.random = random;
    this.changed = changed;
  }

  get isEmpty(): boolean {
    return this.rules.size === 0;
  }

  get size(): number {
    return this.rules.size;
  }

  /** In the order they were added, which is the order they are played in. */
  list(): FaultRule[] {
    return [...this.rules.values()].map(told);
  }

  /** Throws LimitExceeded. */
  add(spec: FaultSpec): FaultRule {
    if (this.rules.size >= faultRulesMax) {
      throw limitExceeded(`There are ${faultRulesMax} rules already; remove one.`);
    }
    const drawn = new DataView(this.random.bytes(4).slice().buffer).getUint32(0);
    const { probability = 1, seed = drawn } = spec;
    const rule = new ActiveRule(++this.lastId, { ...spec, probability, seed });
    this.rules.set(rule.id, rule);
    this.changed();
    return told(rule);
  }

  /** Throws ResourceNotFound. */
  remove(id: number): void {
    if (!this.rules.delete(id)) {
      throw new KinesisError('ResourceNotFoundException', `There is no rule ${id}.`);
    }
    this.changed();
  }

  clear(): void {
    this.rules.clear();
    this.changed();
  }

  covering(call: { operation: OperationName; stream: string | undefined }): ActiveRule[] {
    return [...this.rules.values()].filter((rule) => rule.covers(call));
  }

  /** Whether a rule is still in force. */
  holds({ id }: ActiveRule): boolean {
    return this.rules.has(id);
  }

  /** Counts a call that `rule` hit; the rule goes with its last one. */
  count(rule: ActiveRule): void {
    rule.hits++;
    if (rule.isSpent && this.rules.delete(rule.id)) this.changed();
  }
}

const told = ({ id, spec, hits }: ActiveRule): FaultRule => ({ id, ...spec, hits });
