/** The names of the columns; the first one says which clock times are shown on, and changes it. */
import { Part } from '../controls/Part.tsx';
import { useModel, usePanel } from '../hooks.ts';

export function Header() {
  const panel = usePanel();
  const zone = useModel((model) => model.zone);
  const other = zone === 'utc' ? 'local time' : 'UTC';
  return (
    <Part role="rowgroup" class="head">
      <Part role="row" class="row-head" aria-rowindex={1}>
        <Part role="columnheader" class="cell">
          <button
            type="button"
            class="head-button"
            title={`When the record arrived at the stream. Click to show ${other}.`}
            onClick={() => panel.toggleTimeZone()}
          >
            Arrived ({zone === 'utc' ? 'UTC' : 'local'})
          </button>
        </Part>
        <Part role="columnheader" class="cell number">
          Shard
        </Part>
        <Part role="columnheader" class="cell">
          Key
        </Part>
        <Part role="columnheader" class="cell cell-sequence">
          Sequence
        </Part>
        <Part role="columnheader" class="cell number cell-size">
          Size
        </Part>
        <Part role="columnheader" class="cell cell-value">
          Value
        </Part>
      </Part>
    </Part>
  );
}
