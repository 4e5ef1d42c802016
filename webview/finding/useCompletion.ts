/** Completion in the filter box: when its list is open, and which keys are the list's. */
import type { RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Completion, CompletionContext } from '../../src/query/completeQuery.ts';
import { typedIn, writeInto } from '../controls/comboInput.ts';
import { usePanel } from '../hooks.ts';
import type { Panel } from '../state/panel.ts';
import { accepted, askedList, type CompletionList, moved, typedList } from './completion.ts';
import { knownOf } from './known.ts';
import { SeenRows } from './seenRows.ts';

export interface OpenCompletion {
  readonly list: CompletionList | undefined;
  /** The box got the focus: rows are looked at before what is typed hides them. */
  entered(): void;
  /** The text has changed by typing. */
  typed(): void;
  /** True when the key was the list's, or opens it. */
  press(event: KeyboardEvent): boolean;
  accept(item: Completion): void;
  close(): void;
}

/** Only these move the caret and leave the text as it is. */
const caretKeys = ['ArrowLeft', 'ArrowRight', 'Home', 'End'];

function look(panel: Panel, seen: SeenRows): void {
  const { tick, subject } = panel.store.get();
  seen.look(panel.rows.fetched(), { tail: tick?.tail, mask: subject?.look?.mask });
}

/** What is known of the stream now, from what is at hand and what was. */
function knownNow(panel: Panel, seen: SeenRows): CompletionContext {
  look(panel, seen);
  return knownOf(seen.all(), panel.store.get().tick?.shards ?? []);
}

export function useCompletion(field: RefObject<HTMLElement | null>): OpenCompletion {
  const panel = usePanel();
  const [list, setList] = useState<CompletionList | undefined>();
  const seen = useRef(new SeenRows());
  const known = () => knownNow(panel, seen.current);
  const close = (): void => setList(undefined);
  const ask = (): boolean => {
    const asked = askedList(typedIn(field.current), known);
    setList(asked);
    return asked !== undefined;
  };
  const accept = (item: Completion): void => {
    const typed = accepted(typedIn(field.current).text, item);
    writeInto(field.current, typed);
    panel.typeFilter(typed.text);
    setList(typedList(typed, known));
  };
  const pressInList = (open: CompletionList, key: string): boolean => {
    const item = open.chosen === undefined ? undefined : open.items[open.chosen];
    const isAccepting = (key === 'Enter' || key === 'Tab') && item !== undefined;
    if (key === 'ArrowDown' || key === 'ArrowUp')
      setList(moved(open, key === 'ArrowDown' ? 1 : -1));
    else if (isAccepting) accept(item);
    else if (key === 'Escape') close();
    else {
      if (key === 'Enter' || key === 'Tab' || caretKeys.includes(key)) close();
      return false;
    }
    return true;
  };
  const press = (event: KeyboardEvent): boolean => {
    const { key, ctrlKey, altKey, metaKey, shiftKey, isComposing } = event;
    if (isComposing) return false;
    if (key === ' ' && ctrlKey) {
      ask();
      return true;
    }
    if (ctrlKey || altKey || metaKey || shiftKey) return false;
    return list ? pressInList(list, key) : key === 'ArrowDown' && ask();
  };
  const typed = (): void => setList(typedList(typedIn(field.current), known));
  const entered = (): void => look(panel, seen.current);
  return { list, entered, typed, press, accept, close };
}
