/** One open shard in the strip: its number, rates, and share of its limit by words and a bar. */
import { shortShardId } from '../../src/kinesis/shardId.ts';
import type { TailShard } from '../../src/protocol/tail.ts';
import { formatBytes, formatPart, formatPerSecond, formatShare } from '../format.ts';
import type { Segment } from './layout.ts';

export interface OpenSegment extends Segment {
  readonly shard: TailShard;
}

/** The whole truth of a segment, for its tooltip and for screen readers. */
export function segmentSentence({ shard, share, load, isHot }: OpenSegment): string {
  const rates = `${formatPerSecond(shard.recordsPerSecond)} records/s, ${formatBytes(shard.bytesPerSecond)}/s`;
  const use = `${isHot ? 'hot, ' : ''}${formatShare(load)} of its limit`;
  const waiting = shard.reading === 'waiting' ? ', waits for its parents to be read' : '';
  return `Shard ${shortShardId(shard.id)}: ${rates}, ${use}, ${formatPart(share)} of the hash range${waiting}`;
}

function Use({ segment }: { segment: OpenSegment }) {
  const { shard, load, isHot } = segment;
  if (shard.reading === 'waiting') return <small>waits for its parents</small>;
  return (
    <small>
      {isHot && (
        <>
          <span class="segment-sign">▲ </span>hot
        </>
      )}
      <span class="segment-share">
        {isHot && ', '}
        {formatShare(load)}
        <span class="segment-wide"> of limit</span>
      </span>
    </small>
  );
}

const isPick = ({ ctrlKey, metaKey }: MouseEvent | KeyboardEvent): boolean => ctrlKey || metaKey;

export interface SegmentViewProps {
  readonly segment: OpenSegment;
  readonly isOpen: boolean;
  readonly isTabStop: boolean;
  onPress(element: HTMLElement): void;
  /** Shows only this shard, or all again. */
  onPick(): void;
}

export function SegmentView({ segment, isOpen, isTabStop, onPress, onPick }: SegmentViewProps) {
  const { shard, share, load, isHot } = segment;
  return (
    <button
      type="button"
      class={isHot ? 'segment segment-hot' : 'segment'}
      style={{ flexGrow: String(share) }}
      title={segmentSentence(segment)}
      aria-haspopup="menu"
      aria-expanded={isOpen}
      tabIndex={isTabStop ? 0 : -1}
      data-shard-id={shard.id}
      onClick={(event) => (isPick(event) ? onPick() : onPress(event.currentTarget))}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !isPick(event)) return;
        event.preventDefault();
        onPick();
      }}
    >
      <span class="segment-words">
        <span class="segment-line">
          <span class="hidden-word">Shard </span>
          <b>{shortShardId(shard.id)}</b>{' '}
          <small class="segment-rate">
            {formatPerSecond(shard.recordsPerSecond)}/s
            <span class="segment-wide">, {formatBytes(shard.bytesPerSecond)}/s</span>
          </small>
        </span>
        <span class="segment-line segment-use">
          <Use segment={segment} />
        </span>
      </span>
      <i class="segment-bar" style={{ width: `${Math.min(1, load) * 100}%` }} />
    </button>
  );
}
