/** The filter: what is typed, what may be typed, how many match, and what is wrong with it, right under it. */
import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { Below } from '../controls/Below.tsx';
import { TextField } from '../controls/TextField.tsx';
import { CompletionOptions } from '../finding/CompletionOptions.tsx';
import { QueryProblems } from '../finding/QueryProblems.tsx';
import { SavedMenu } from '../finding/SavedMenu.tsx';
import { type OpenCompletion, useCompletion } from '../finding/useCompletion.ts';
import { formatCount } from '../format.ts';
import { useModel, usePanel } from '../hooks.ts';

function Count() {
  const matching = useModel((model) => model.tick?.records.matching ?? 0);
  const held = useModel((model) => model.tick?.records.held ?? 0);
  const isLooking = useModel((model) => model.tick?.isLooking ?? false);
  return (
    <span slot="end" class="filter-count">
      {formatCount(matching)}
      {isLooking && '…'} of {formatCount(held)}
    </span>
  );
}

/** While there is a list, the problem stands below it: both are about the same few words. */
function Under({ box, completion }: { box: HTMLElement; completion: OpenCompletion }) {
  const tried = useModel((model) => model.tick?.filter ?? '');
  const problem = useProblem();
  const { list, accept } = completion;
  if (!list && problem === undefined) return null;
  return (
    <Below anchor={box}>
      {list && <CompletionOptions list={list} onAccept={accept} />}
      {problem !== undefined && <QueryProblems text={tried} told={problem} />}
    </Below>
  );
}

/** Of the query that was tried last: it stays while one types on. */
const useProblem = () => useModel(({ filter, tick }) => (filter ? tick?.filterProblem : undefined));

export function FilterBox({ elementRef }: { elementRef: RefObject<HTMLElement | null> }) {
  const panel = usePanel();
  const box = useRef<HTMLDivElement>(null);
  const text = useModel((model) => model.filter);
  const problem = useProblem();
  const isInForce = useModel((model) => model.tick !== undefined && model.tick.filter !== '');
  const completion = useCompletion(elementRef);
  const found = (selector: string) =>
    box.current?.querySelector<HTMLElement>(`.completions${selector}`) ?? null;
  return (
    <div ref={box} class={problem === undefined ? 'filter' : 'filter filter-wrong'}>
      <TextField
        elementRef={elementRef}
        label="Filter the records"
        placeholder="Filter ( / )"
        value={text}
        isInvalid={problem !== undefined}
        combo={() => ({ list: found(''), option: found(' [aria-selected="true"]') })}
        onKey={completion.press}
        onFocus={completion.entered}
        onPointer={completion.close}
        onInput={(value) => {
          panel.typeFilter(value);
          completion.typed();
        }}
        onEnter={(value) => panel.useFilter(value)}
        onLeave={(value) => {
          completion.close();
          panel.noteFilter(value);
        }}
      >
        {isInForce && problem === undefined && <Count />}
      </TextField>
      <SavedMenu />
      {box.current && <Under box={box.current} completion={completion} />}
    </div>
  );
}
