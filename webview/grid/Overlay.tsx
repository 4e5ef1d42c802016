/** What floats over the foot of the grid: rows that came unseen, and how long it has been paused. */
import type { TailTick } from '../../src/protocol/tail.ts';
import { Button } from '../controls/Button.tsx';
import { useCalmName } from '../controls/useCalmName.ts';
import { agoWords, formatAge, formatCount } from '../format.ts';
import { useModel, useNow, usePanel } from '../hooks.ts';
import { thenFocusGrid } from '../regions.ts';
import { newRows } from '../state/viewport.ts';

function NewRows({ count }: { count: number }) {
  const panel = usePanel();
  const { button, ...calm } = useCalmName();
  return (
    <button
      ref={button}
      {...calm}
      type="button"
      class="pill"
      title="Go to the newest row and stay there (End)"
      onClick={thenFocusGrid(() => panel.rows.goToNewest())}
    >
      ↓ {formatCount(count)} new
    </button>
  );
}

function Paused({ tick }: { tick: TailTick }) {
  const panel = usePanel();
  const now = useNow(true);
  const since = tick.pausedSinceMs === undefined ? '' : agoWords(now - tick.pausedSinceMs);
  const behind =
    tick.millisBehindLatest > 0 ? `, ${formatAge(tick.millisBehindLatest)} behind` : '';
  return (
    <div class="paused">
      <span class="paused-words">
        Paused{since}
        {behind && <span class="paused-behind">{behind}</span>}.
      </span>
      <Button onPress={thenFocusGrid(() => panel.togglePause())}>Resume</Button>
      <Button
        tooltip="Start again at the latest record; what came meanwhile is skipped"
        onPress={thenFocusGrid(() => panel.restart({ type: 'LATEST' }))}
      >
        Jump to live
      </Button>
    </div>
  );
}

export function Overlay() {
  const count = useModel((model) => newRows(model.viewport));
  const tick = useModel((model) => model.tick);
  const isEditor = useModel((model) => model.subject?.where !== 'bottom');
  return (
    <div class="overlay">
      {count > 0 && <NewRows count={count} />}
      {isEditor && tick?.state === 'paused' && <Paused tick={tick} />}
    </div>
  );
}
