/** What a record is apart from its data: shard, sequence number, arrival, key, size. */
import type { ComponentChildren } from 'preact';
import { shortShardId } from '../../src/kinesis/shardId.ts';
import type { FullRecord, TailShard } from '../../src/protocol/tail.ts';
import { type FieldName, factValues } from '../finding/shownValues.ts';
import { ValueButton } from '../finding/ValueButton.tsx';
import { formatBothZones, formatBytes, formatCount } from '../format.ts';
import { useModel } from '../hooks.ts';
import { visibleLine } from '../visibleText.ts';

interface FactProps {
  readonly name: string;
  readonly record: FullRecord;
  readonly field: FieldName;
  readonly children: ComponentChildren;
}

function Fact({ name, record, field, children }: FactProps) {
  const [value] = factValues(record, field);
  return (
    <>
      <dt>{name}</dt>
      <dd class="fact">
        <span class="fact-words">{children}</span>
        {value && <ValueButton value={value} />}
      </dd>
    </>
  );
}

/** ` (child of 1)`, ` (child of 3 and 4)`. */
function familyOf(shard: TailShard | undefined): string {
  if (!shard || shard.parents.length === 0) return '';
  return ` (child of ${shard.parents.map(shortShardId).join(' and ')})`;
}

/** `0x5c3f…a901`: the place in the hash space in few digits. */
export function shortHashKey(decimal: string): string {
  const digits = BigInt(decimal).toString(16).padStart(32, '0');
  return `0x${digits.slice(0, 4)}…${digits.slice(-4)}`;
}

const untoldTitle =
  'The MD5 of its partition key belongs to another shard. Records do not tell the hash key that they were put with.';

function HashKey({ record }: { record: FullRecord }) {
  const { hashKey, explicitHashKey, isHashKeyUntold } = record;
  if (isHashKeyUntold) {
    return (
      <span class="faint" title={untoldTitle}>
        put with an explicit hash key
      </span>
    );
  }
  if (hashKey === '') return null;
  const kind = explicitHashKey === undefined ? 'Hash key' : 'Explicit hash key';
  return (
    <span class="mono faint" title={`${kind} ${hashKey}`}>
      → {shortHashKey(hashKey)}
    </span>
  );
}

export function Facts({ record }: { record: FullRecord }) {
  const zone = useModel((model) => model.zone);
  const { row } = record;
  const shard = useModel((model) => model.tick?.shards.find(({ id }) => id === row.shardId));
  const pins = useModel((model) => model.subject?.look?.pinned.length ?? 0);
  const isPinned = pins > 0 && !row.format.endsWith('not as pinned');
  return (
    <dl class="facts">
      <Fact name="Shard" record={record} field="shard">
        <span class="mono">{row.shardId}</span>
        <span class="faint">{familyOf(shard)}</span>
      </Fact>
      <Fact name="Sequence" record={record} field="sequence">
        <span class="mono">{row.sequenceNumber}</span>
        {row.subSequenceNumber !== undefined && (
          <span class="faint">, sub-sequence {row.subSequenceNumber}</span>
        )}
      </Fact>
      <Fact name="Arrived" record={record} field="arrived">
        {formatBothZones(row.arrivedMs, zone)}
      </Fact>
      <Fact name="Key" record={record} field="key">
        <span class="mono">{visibleLine(row.partitionKey)}</span> <HashKey record={record} />
      </Fact>
      <Fact name="Size" record={record} field="size">
        <span title={`${formatCount(row.size)} bytes`}>{formatBytes(row.size)}</span>
      </Fact>
      <Fact name="Format" record={record} field="format">
        {row.format}
        <span class="faint">{isPinned && ', as pinned'}</span>
      </Fact>
    </dl>
  );
}
