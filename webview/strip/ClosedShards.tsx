/** The closed shards in two words, and by name when asked. */
import { useCallback, useRef, useState } from 'preact/hooks';
import { shortShardId } from '../../src/kinesis/shardId.ts';
import type { TailShard } from '../../src/protocol/tail.ts';
import { Popup } from '../controls/Popup.tsx';
import { formatCount } from '../format.ts';

const readings = {
  waiting: 'waits for its parents to be read',
  reading: 'still being read',
  drained: 'read to its end',
} as const;

function lineOf(closed: TailShard, shards: readonly TailShard[]): string {
  const children = shards.filter(({ parents }) => parents.includes(closed.id));
  const names = children.map(({ id }) => shortShardId(id)).join(' and ');
  const goesOn = names && `, goes on in ${names}`;
  return `Shard ${shortShardId(closed.id)}: ${readings[closed.reading]}${goesOn}`;
}

export function ClosedShards({ shards }: { shards: readonly TailShard[] }) {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const closed = shards.filter((shard) => !shard.isOpen);
  if (closed.length === 0) return null;
  return (
    <>
      <button
        ref={button}
        type="button"
        class="quiet-button closed-shards"
        title="Shards that were split or merged"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {formatCount(closed.length)} closed
      </button>
      {isOpen && button.current && (
        <Popup anchor={button.current} label="Closed shards" role="dialog" onClose={close}>
          {closed.map((shard) => (
            <div key={shard.id} class="menu-note">
              {lineOf(shard, shards)}
            </div>
          ))}
        </Popup>
      )}
    </>
  );
}
