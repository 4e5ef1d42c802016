/** What can be done with one shard. */
import { shortShardId } from '../../src/kinesis/shardId.ts';
import { MenuItems } from '../controls/MenuButton.tsx';
import { Popup } from '../controls/Popup.tsx';
import { shardNarrowings } from '../finding/shardNarrowings.ts';
import { useModel, usePanel } from '../hooks.ts';
import { type OpenSegment, segmentSentence } from './Segment.tsx';

export interface ShardMenuProps {
  readonly segment: OpenSegment;
  readonly anchor: HTMLElement;
  onClose(): void;
}

export function ShardMenu({ segment, anchor, onClose }: ShardMenuProps) {
  const panel = usePanel();
  const isWritable = useModel((model) => model.subject?.connection.writable ?? false);
  const filter = useModel((model) => model.filter);
  const { shard, next } = segment;
  const shardId = shard.id;
  const resharding = [
    { label: 'Split…', choose: () => void panel.ask('splitShard', { shardId }) },
    ...(next
      ? [
          {
            label: `Merge with ${shortShardId(next.id)}…`,
            choose: () => void panel.ask('mergeShard', { shardId, adjacentShardId: next.id }),
          },
        ]
      : []),
  ];
  const copy = { label: 'Copy the shard id', choose: () => panel.copy(shardId, 'the shard id') };
  const narrowing = shardNarrowings(filter, shardId).map(({ label, narrowed }) => ({
    label,
    choose: () => panel.useFilter(narrowed),
  }));
  const choices = [...narrowing, ...(isWritable ? resharding : []), copy];
  return (
    <Popup anchor={anchor} label={shardId} role="menu" onClose={onClose}>
      <div class="menu-note" role="none">
        {segmentSentence(segment)}
        {!isWritable && '. This connection is read-only.'}
      </div>
      <MenuItems choices={choices} onDone={onClose} />
    </Popup>
  );
}
