/** One open shard in the strip: its number, rates, and share of its limit by words and a bar. */
import { useMemo, useRef } from 'preact/hooks';
import { shortShardId } from '../../src/kinesis/shardId.ts';
import type { TailShard } from '../../src/protocol/tail.ts';
import { useCalmName } from '../controls/useCalmName.ts';
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
  /** The same functions with each drawing. */
  readonly acts: SegmentActs;
}

export interface SegmentActs {
  press(shardId: string, element: HTMLElement): void;
  /** Shows only this shard, or all again. */
  pick(shardId: string): void;
}

/** Drawn again only when it looks otherwise: of very many shards most are as they were a tick ago. */
export function SegmentView({ segment, isOpen, isTabStop, acts }: SegmentViewProps) {
  const drawings = useRef(0);
  const { share, load } = segment;
  const sentence = segmentSentence(segment);
  return useMemo(() => {
    drawings.current += 1;
    const shown = { segment, isOpen, isTabStop, acts, sentence, drawings: drawings.current };
    return <Drawn {...shown} />;
  }, [sentence, share, load, isOpen, isTabStop, acts]);
}

interface DrawnProps extends SegmentViewProps {
  readonly sentence: string;
  /** How often it was drawn, this time included. */
  readonly drawings: number;
}

function Drawn({ segment, isOpen, isTabStop, acts, sentence, drawings }: DrawnProps) {
  const { shard, share, load, isHot } = segment;
  const { button, ...calm } = useCalmName();
  return (
    <button
      ref={button}
      {...calm}
      type="button"
      class={isHot ? 'segment segment-hot' : 'segment'}
      style={{ flexGrow: String(share) }}
      title={sentence}
      aria-haspopup="menu"
      aria-expanded={isOpen}
      tabIndex={isTabStop ? 0 : -1}
      data-shard-id={shard.id}
      data-drawings={drawings}
      onClick={(event) =>
        isPick(event) ? acts.pick(shard.id) : acts.press(shard.id, event.currentTarget)
      }
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !isPick(event)) return;
        event.preventDefault();
        acts.pick(shard.id);
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
