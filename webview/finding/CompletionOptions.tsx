/** The completions as the options of the filter box. The focus stays in the box, also while the list is scrolled. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Completion } from '../../src/query/completeQuery.ts';
import { Part } from '../controls/Part.tsx';
import { visibleLine } from '../visibleText.ts';
import type { CompletionList } from './completion.ts';
import './finding.css';

export interface CompletionOptionsProps {
  readonly list: CompletionList;
  onAccept(item: Completion): void;
}

export const optionsLabel = 'Completions';

export function CompletionOptions({ list, onAccept }: CompletionOptionsProps) {
  const { items, chosen } = list;
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    ref.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <Part
      elementRef={ref}
      role="listbox"
      class="completions"
      aria-label={optionsLabel}
      tabIndex={0}
      onMouseDown={(event) => event.preventDefault()}
    >
      {items.map((item, index) => (
        <Part
          key={`${item.start} ${item.label} ${item.detail}`}
          role="option"
          class="completion"
          aria-selected={index === chosen}
          onClick={() => onAccept(item)}
        >
          <span class="completion-label">{visibleLine(item.label)}</span>
          <span class="completion-detail">{visibleLine(item.detail)}</span>
        </Part>
      ))}
    </Part>
  );
}
