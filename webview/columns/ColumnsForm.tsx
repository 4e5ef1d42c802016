/** All columns that are shown and could be: chosen by checkboxes, put in order by keys, added by path. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { fixedColumns } from '../../src/protocol/columns.ts';
import { Button } from '../controls/Button.tsx';
import { Checkbox } from '../controls/Checkbox.tsx';
import { TextField } from '../controls/TextField.tsx';
import { formatCount } from '../format.ts';
import { usePanel } from '../hooks.ts';
import { visibleLine } from '../visibleText.ts';
import { columnOf } from './columnList.tsx';
import { isField, isShown, placeOf, stayingColumn } from './layout.ts';
import { useColumns } from './useColumns.ts';

/** What was done to a column last: what had the focus may be drawn elsewhere now, or be gone. */
interface Choosing {
  did(id: string): void;
}

function MoveButton({ id, step, did }: Choosing & { id: string; step: 1 | -1 }) {
  const { columns } = usePanel();
  const shown = useColumns((model) => model.columns);
  const place = placeOf(shown, id);
  const words = `Move ${columnOf(id).name} ${step < 0 ? 'left' : 'right'}`;
  return (
    <button
      type="button"
      class="quiet-button"
      aria-label={words}
      title={words}
      disabled={step < 0 ? place === 0 : place === shown.shown.length - 1}
      onClick={() => {
        columns.moveBy(id, step);
        did(id);
      }}
    >
      {step < 0 ? '↑' : '↓'}
    </button>
  );
}

function ShownColumn({ id, did }: Choosing & { id: string }) {
  const { columns } = usePanel();
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key] as 1 | -1 | undefined;
    if (!event.altKey || step === undefined) return;
    event.preventDefault();
    columns.moveBy(id, step);
    did(id);
  };
  return (
    <li class="columns-row" data-choice={id}>
      <Checkbox
        isChecked
        isDisabled={id === stayingColumn}
        tooltip={isField(id) ? visibleLine(id) : undefined}
        onChange={() => {
          columns.hide(id);
          did(id);
        }}
        onKey={press}
      >
        <span class={isField(id) ? 'mono' : ''}>{columnOf(id).name}</span>
      </Checkbox>
      <span class="columns-moves">
        <MoveButton id={id} step={-1} did={did} />
        <MoveButton id={id} step={1} did={did} />
      </span>
    </li>
  );
}

/** Fixed columns that are hidden, and fields of the rows at hand that are no columns. */
function OtherColumns({ did }: Choosing) {
  const { columns } = usePanel();
  const shown = useColumns((model) => model.columns);
  const found = useColumns((model) => model.found);
  const problem = useColumns((model) => model.foundProblem);
  const [refusal, setRefusal] = useState<string | undefined>(undefined);
  const add = (id: string): void => {
    if (isField(id)) setRefusal(columns.addField(id));
    else columns.show(id);
    did(id);
  };
  const hidden = fixedColumns.filter((id) => !isShown(shown, id));
  const fields = found?.fields.filter(({ path }) => !isShown(shown, path)) ?? [];
  return (
    <>
      <h3 class="columns-title">Not shown</h3>
      <ul class="columns-list">
        {hidden.map((id) => (
          <li key={id} class="columns-row" data-choice={id}>
            <Checkbox isChecked={false} onChange={() => add(id)}>
              {columnOf(id).name}
            </Checkbox>
          </li>
        ))}
        {fields.map(({ path, count, example }) => (
          <li key={path} class="columns-row" data-choice={path}>
            <Checkbox isChecked={false} tooltip={visibleLine(path)} onChange={() => add(path)}>
              <span class="mono">{columnOf(path).name}</span>
            </Checkbox>
            <span class="columns-example mono faint" title={visibleLine(example)}>
              {visibleLine(example)}
            </span>
            <span class="columns-count faint">
              in {formatCount(count)} of {formatCount(found?.looked ?? 0)}
            </span>
          </li>
        ))}
      </ul>
      {found && hidden.length + fields.length === 0 && <p class="faint">Nothing else was found.</p>}
      {found?.json === 0 && <p class="faint">None of the records in sight is a JSON object.</p>}
      {found?.isCut && <p class="faint">There are more fields; add them by their path.</p>}
      {!found && !problem && <p class="faint">Looking at the records in sight…</p>}
      {(problem ?? refusal) && (
        <p class="columns-problem" role="alert">
          {problem ?? refusal}
        </p>
      )}
    </>
  );
}

function AddPath() {
  const { columns } = usePanel();
  const [path, setPath] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const add = (typed: string): void => {
    const refusal = columns.addField(typed.trim());
    setProblem(refusal);
    if (refusal === undefined) setPath('');
  };
  const type = (typed: string): void => {
    setPath(typed);
    setProblem(undefined);
  };
  return (
    <>
      <div class="columns-add">
        <TextField
          label="Path of a JSON field"
          placeholder="$.order.total"
          value={path}
          isInvalid={problem !== undefined}
          onInput={type}
          onEnter={add}
        />
        <Button onPress={() => add(path)}>Add</Button>
      </div>
      {problem && (
        <p class="columns-problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

/** Whoever goes on by keys stays at the column that was changed last, wherever it is now. */
function useFocusKept(
  form: { current: HTMLElement | null },
  last: { current: string | undefined },
) {
  useLayoutEffect(() => {
    const id = last.current;
    if (id === undefined || form.current?.contains(document.activeElement)) return;
    const row = form.current?.querySelector(`[data-choice="${CSS.escape(id)}"]`);
    const input = row?.querySelector<HTMLElement>('input:enabled');
    (input ?? form.current?.querySelector<HTMLElement>('input:enabled'))?.focus();
  });
}

export function ColumnsForm() {
  const { columns } = usePanel();
  const { shown } = useColumns((model) => model.columns);
  const form = useRef<HTMLDivElement>(null);
  const last = useRef<string | undefined>(undefined);
  const did = (id: string): void => {
    last.current = id;
  };
  useFocusKept(form, last);
  return (
    <div ref={form} class="columns-form">
      <h3 class="columns-title">Shown, from left to right</h3>
      <ul class="columns-list">
        {shown.map(({ id }) => (
          <ShownColumn key={id} id={id} did={did} />
        ))}
      </ul>
      <OtherColumns did={did} />
      <AddPath />
      <div class="columns-end">
        <span class="faint">Alt+↑ and Alt+↓ move a column</span>
        <Button tooltip="Columns, order and widths as by default" onPress={() => columns.reset()}>
          Reset
        </Button>
      </div>
    </div>
  );
}
