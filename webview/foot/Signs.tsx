/** What is not as it always is: parts of records are hidden, decoders are pinned, rows came late. */
import { Fact } from '../controls/Fact.tsx';
import { formatCount, plural } from '../format.ts';
import { useModel, usePanel } from '../hooks.ts';

function Masked({ patterns }: { patterns: number }) {
  const panel = usePanel();
  const words = `${plural(patterns, 'pattern')} of shardscope.tail.mask hide${patterns === 1 ? 's' : ''} parts of records here. Filters find what is hidden all the same. Press to show all of it.`;
  return (
    <button
      type="button"
      class="foot-sign-button"
      title={words}
      onClick={() => void panel.ask('toggleMasking', {})}
    >
      <span aria-hidden="true">◐</span> Masked
    </button>
  );
}

function Pinned({ pinned }: { pinned: readonly string[] }) {
  const panel = usePanel();
  return (
    <button
      type="button"
      class="foot-sign-button"
      title="You chose how records of this stream are decoded. Press to choose anew."
      onClick={() => void panel.ask('decodeAs', {})}
    >
      Decoded as {pinned.join(', ')}
    </button>
  );
}

export function Signs() {
  const look = useModel((model) => model.subject?.look);
  const late = useModel((model) => model.tick?.moves.late ?? 0);
  return (
    <>
      {look?.mask && <Masked patterns={look.mask.patterns} />}
      {look && look.pinned.length > 0 && <Pinned pinned={look.pinned} />}
      {late > 0 && (
        <Fact
          class="foot-wide"
          label="Late records"
          words="So many records came after later ones had been shown, and stand where they belong"
        >
          {formatCount(late)} came late
        </Fact>
      )}
    </>
  );
}
