/** What kinesis-local keeps of a stream beside its shards: its members, checked, in the engine's words. */
import { namePattern } from '../admin/shardImport.ts';
import {
  type ImportedConsumer,
  type ImportedStream,
  regionPattern,
} from '../admin/streamImport.ts';
import { isObject, type Members } from '../base/members.ts';
import {
  formatStreamArn,
  parseConsumerArn,
  parseStreamArn,
  type StreamArn,
} from '../kinesis/arn.ts';
import {
  dataBytesMax,
  KIB,
  retentionHoursMax,
  retentionHoursMin,
  warmThroughputMiBpsMax,
} from '../kinesis/limits.ts';
import { FileMistake, shown } from './fileMistake.ts';
import { timeMsOf } from './kinesisLocalRecord.ts';

export type StreamSettings = Omit<ImportedStream, 'shards' | 'oldestMs' | 'newestMs'>;

/** Names of the members that are looked at here; of the others nothing is used. */
export const keptMembers: ReadonlySet<string> = new Set([
  'consumers',
  'encryptionType',
  'enhancedMonitoring',
  'keyId',
  'maxRecordSizeInKiB',
  'retentionPeriod',
  'streamCreationTimestamp',
  'streamModeDetails',
  'streamStatus',
  'tags',
  'warmThroughputMiBps',
]);

/** Policies by the ARN of their stream or consumer. */
export type Policies = ReadonlyMap<string, string>;

/** What the ARN that a stream is kept under says. Throws FileMistake. */
export function keptArn(text: string): StreamArn {
  const arn = parseStreamArn(text);
  if (arn && namePattern.test(arn.name) && regionPattern.test(arn.region)) return arn;
  throw new FileMistake(
    `${shown(text)} is no ARN of a stream. Versions before 0.2.0 kept streams by name; load the file ` +
      'with kinesis-local 0.2.0 or later and let it write it again.',
  );
}

/** `members`: all but the shards. Throws FileMistake. */
export function keptSettings(
  arn: StreamArn,
  { members, policies }: { members: Members; policies: Policies },
): StreamSettings {
  const { account, region, name: stream } = arn;
  const createdMs = timeMsOf(members.streamCreationTimestamp);
  if (createdMs === undefined) throw wrong(members, 'streamCreationTimestamp');
  const mode = modeIn(members);
  return {
    stream,
    account,
    region,
    createdMs,
    mode,
    retentionHours: retentionHoursIn(members),
    maxRecordSizeInKiB: wholeIn(members, 'maxRecordSizeInKiB', dataBytesMax / KIB),
    warmThroughputMiBps:
      mode === 'ON_DEMAND'
        ? wholeIn(members, 'warmThroughputMiBps', warmThroughputMiBpsMax)
        : undefined,
    tags: textsIn(members, 'tags'),
    consumers: consumersIn(members, policies),
    keyId: keyIdIn(members),
    shardLevelMetrics: metricsIn(members),
    policy: policies.get(formatStreamArn(arn)),
  };
}

/** What is about to be deleted is left out. */
export const isDeleting = ({ streamStatus }: Members): boolean => streamStatus === 'DELETING';

const wrong = (members: Members, name: string): FileMistake =>
  new FileMistake(`its ${name} is not as kinesis-local writes it: ${shown(members[name])}.`);

function modeIn(members: Members): 'PROVISIONED' | 'ON_DEMAND' {
  const details = members.streamModeDetails ?? { StreamMode: 'PROVISIONED' };
  const mode = isObject(details) ? details.StreamMode : undefined;
  if (mode === 'PROVISIONED' || mode === 'ON_DEMAND') return mode;
  throw wrong(members, 'streamModeDetails');
}

/** Hours in a unit. */
const units: Readonly<Record<string, number>> = {
  DAYS: 24,
  HOURS: 1,
  MINUTES: 1 / 60,
  SECONDS: 1 / 3600,
  MILLISECONDS: 1 / 3_600_000,
  MICROSECONDS: 1 / 3.6e9,
  NANOSECONDS: 1 / 3.6e12,
};

function retentionHoursIn(members: Members): number {
  const { length, unit } = isObject(members.retentionPeriod) ? members.retentionPeriod : {};
  const inUnit = typeof unit === 'string' && Object.hasOwn(units, unit) ? units[unit]! : Number.NaN;
  const hours = Math.round(Number(length) * inUnit * 1e6) / 1e6;
  const isLegal =
    Number.isInteger(hours) && hours >= retentionHoursMin && hours <= retentionHoursMax;
  if (isLegal) return hours;
  throw wrong(members, 'retentionPeriod');
}

function wholeIn(members: Members, name: string, max: number): number | undefined {
  const value = members[name];
  if (value === null || value === undefined) return undefined;
  if (Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= max)
    return Number(value);
  throw wrong(members, name);
}

function textsIn(members: Members, name: string): Record<string, string> {
  const value = members[name] ?? {};
  const entries = isObject(value) ? Object.entries(value) : [['', undefined]];
  if (entries.every(([, text]) => typeof text === 'string')) return Object.fromEntries(entries);
  throw wrong(members, name);
}

function keyIdIn(members: Members): string | undefined {
  const { encryptionType, keyId } = members;
  if (encryptionType !== 'KMS') return undefined;
  if (typeof keyId === 'string' && keyId !== '') return keyId;
  throw wrong(members, 'keyId');
}

function metricsIn(members: Members): string[] {
  const lists = members.enhancedMonitoring ?? [];
  if (!Array.isArray(lists)) throw wrong(members, 'enhancedMonitoring');
  return lists.flatMap((one: unknown): string[] => {
    const names = isObject(one) ? one.ShardLevelMetrics : undefined;
    const isTexts = Array.isArray(names) && names.every((name) => typeof name === 'string');
    if (!isTexts) throw wrong(members, 'enhancedMonitoring');
    return names as string[];
  });
}

function consumersIn(members: Members, policies: Policies): ImportedConsumer[] {
  const consumers = members.consumers ?? {};
  if (!isObject(consumers)) throw wrong(members, 'consumers');
  return Object.values(consumers).flatMap((value) => {
    if (!isObject(value)) throw wrong(members, 'consumers');
    const { ConsumerARN: text, ConsumerStatus } = value;
    const arn = typeof text === 'string' ? parseConsumerArn(text) : undefined;
    if (!arn) throw wrong(members, 'consumers');
    if (ConsumerStatus === 'DELETING') return [];
    const { consumer: name, createdSeconds } = arn;
    const tags = textsIn(value, 'Tags');
    return [{ name, createdSeconds, tags, policy: policies.get(String(text)) }];
  });
}
