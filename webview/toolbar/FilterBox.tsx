/** The filter: what is typed, how many match, and what is wrong with it, right under it. */
import type { RefObject } from 'preact';
import { TextField } from '../controls/TextField.tsx';
import { formatCount } from '../format.ts';
import { useModel, usePanel } from '../hooks.ts';

export function FilterBox({ elementRef }: { elementRef: RefObject<HTMLElement | null> }) {
  const panel = usePanel();
  const text = useModel((model) => model.filter);
  const problem = useModel((model) => (model.filter ? model.tick?.filterProblem : undefined));
  const isInForce = useModel((model) => model.tick !== undefined && model.tick.filter !== '');
  const matching = useModel((model) => model.tick?.records.matching ?? 0);
  const held = useModel((model) => model.tick?.records.held ?? 0);
  return (
    <div class={problem ? 'filter filter-wrong' : 'filter'}>
      <TextField
        elementRef={elementRef}
        label="Filter the records"
        placeholder="Filter ( / )"
        value={text}
        isInvalid={problem !== undefined}
        onInput={(value) => panel.typeFilter(value)}
        onEnter={(value) => panel.applyFilter(value)}
      >
        {isInForce && !problem && (
          <span slot="end" class="filter-count">
            {formatCount(matching)} of {formatCount(held)}
          </span>
        )}
      </TextField>
      {problem && (
        <div class="filter-problem" role="alert">
          {problem}
        </div>
      )}
    </div>
  );
}
