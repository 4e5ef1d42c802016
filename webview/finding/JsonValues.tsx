/** Around JSON that is shown as text: each of its values has a menu, by the pointer or by the menu key. */
import type { ComponentChildren } from 'preact';
import type { FullRecord } from '../../src/protocol/tail.ts';
import { Part } from '../controls/Part.tsx';
import { isMenuKey } from '../grid/cellMenu.ts';
import type { Piece } from '../grid/tokens.ts';
import { type LeafAsked, recordValues } from './shownValues.ts';
import { useValueMenu } from './ValueMenu.tsx';
import './finding.css';

export interface JsonValuesProps {
  /** Its first `pre` shows what was decoded, from the beginning. */
  readonly record: FullRecord;
  readonly children: ComponentChildren;
  /** By the places of its block in that `pre`, and among the nodes in that block. */
  pieceAt(block: number, index: number): Piece | undefined;
}

/** What is shown may have more characters than the text: the piece that was drawn there tells the place. */
function placesOf(target: Element): [block: number, index: number] {
  const block = target.closest('pre > *');
  if (!block) return [-1, -1];
  const blocks = [...(block.parentElement?.children ?? [])];
  const nodes: readonly Node[] = [...block.childNodes];
  return [blocks.indexOf(block), nodes.indexOf(target)];
}

export function JsonValues({ record, pieceAt, children }: JsonValuesProps) {
  const valuesOf = (asked: LeafAsked) => recordValues(record, asked);
  const { show, menu } = useValueMenu();
  const ask = (event: MouseEvent): void => {
    const offset = pieceAt(...placesOf(event.target as Element))?.start;
    const values = offset === undefined ? [] : valuesOf({ offset });
    if (values.length === 0) return;
    event.preventDefault();
    show({
      anchor: event.currentTarget as HTMLElement,
      at: { x: event.clientX, y: event.clientY },
      values,
    });
  };
  const press = (event: KeyboardEvent): void => {
    if (!isMenuKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
    show({ anchor: event.currentTarget as HTMLElement, values: valuesOf({}) });
  };
  return (
    <>
      <Part
        role="group"
        class="json-values"
        aria-label="Decoded data; the menu key lists its values"
        tabIndex={0}
        onContextMenu={ask}
        onKeyDown={press}
      >
        {children}
      </Part>
      {menu}
    </>
  );
}
