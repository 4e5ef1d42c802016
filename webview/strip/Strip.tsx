/** The hash range to scale: which shard has which part of it, and how busy each is. */
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { TailShard } from '../../src/protocol/tail.ts';
import { Part } from '../controls/Part.tsx';
import { pickedShard } from '../finding/shardNarrowings.ts';
import { useModel, usePanel } from '../hooks.ts';
import { ClosedShards } from './ClosedShards.tsx';
import { type Segment, segmentsOf } from './layout.ts';
import { type OpenSegment, type SegmentActs, SegmentView } from './Segment.tsx';
import { ShardMenu } from './ShardMenu.tsx';
import './strip.css';

const none: readonly TailShard[] = [];
/** Nothing was read of it lately: its last rates say nothing any more. */
const silent = (shard: TailShard): TailShard => ({
  ...shard,
  recordsPerSecond: 0,
  bytesPerSecond: 0,
});
const isShard = (segment: Segment): segment is OpenSegment => segment.shard !== undefined;

/** The shard that has the tab stop: the one that had the focus last or, once it is closed, a child of it. */
function tabStopOf(open: readonly OpenSegment[], last: string | undefined): string | undefined {
  const ids = open.map(({ shard }) => shard.id);
  if (last === undefined || ids.includes(last)) return last ?? ids[0];
  return open.find(({ shard }) => shard.parents.includes(last))?.shard.id ?? ids[0];
}

/** Arrow keys, Home and End move between the segments; one of them is a tab stop. */
function moveFocus(event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const strip = event.currentTarget as HTMLElement;
  const items = [...strip.querySelectorAll<HTMLElement>('.segment')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const last = items.length - 1;
  const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
  if (next === undefined || at < 0) return;
  items[Math.min(Math.max(next, 0), last)]?.focus();
  event.preventDefault();
  event.stopPropagation();
}

function Scale() {
  return (
    <div class="scale">
      <span>0</span>
      <span>hash key</span>
      <span>2¹²⁸</span>
    </div>
  );
}

export function Strip() {
  const panel = usePanel();
  const shards = useModel((model) => model.tick?.shards ?? none);
  const isSilent = useModel(({ tick }) => tick?.state === 'failed' || tick?.problem !== undefined);
  const segments = useMemo(
    () => segmentsOf(isSilent ? shards.map(silent) : shards),
    [shards, isSilent],
  );
  const [menu, setMenu] = useState<{ shardId: string; anchor: HTMLElement } | undefined>();
  const [stop, setStop] = useState<string | undefined>();
  const close = useCallback(() => setMenu(undefined), []);
  const acts = useMemo(
    (): SegmentActs => ({
      pick: (shardId) => panel.useFilter(pickedShard(panel.store.get().filter, shardId)),
      press: (shardId, anchor) =>
        setMenu((now) => (now?.shardId === shardId ? undefined : { shardId, anchor })),
    }),
    [panel],
  );
  const open = segments.filter(isShard);
  const tabStop = tabStopOf(open, stop);
  const chosen = open.find(({ shard }) => shard.id === menu?.shardId);
  const focus = (event: FocusEvent): void => {
    const { shardId } = (event.target as HTMLElement).dataset;
    if (shardId) setStop(shardId);
  };
  const draw = (segment: Segment, index: number) => {
    if (!isShard(segment)) {
      return (
        <span key={`hole-${index}`} class="hole" style={{ flexGrow: String(segment.share) }} />
      );
    }
    const shardId = segment.shard.id;
    return (
      <SegmentView
        key={shardId}
        segment={segment}
        isOpen={menu?.shardId === shardId}
        isTabStop={shardId === tabStop}
        acts={acts}
      />
    );
  };
  return (
    <section class="strip" data-region="strip" aria-label="Open shards by hash range">
      <div class="strip-scroller">
        <div class="strip-content">
          <Part role="presentation" class="segments" onKeyDown={moveFocus} onFocusIn={focus}>
            {segments.map(draw)}
          </Part>
          {segments.length > 0 && <Scale />}
        </div>
      </div>
      <ClosedShards shards={shards} />
      {menu && chosen && <ShardMenu segment={chosen} anchor={menu.anchor} onClose={close} />}
    </section>
  );
}
