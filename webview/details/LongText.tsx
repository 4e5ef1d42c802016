/** Text of any length: its beginning at once, the rest piece by piece when asked for. */
import { useMemo, useState } from 'preact/hooks';
import { Button } from '../controls/Button.tsx';
import { formatCount } from '../format.ts';
import { Pieces } from '../grid/Pieces.tsx';
import type { Piece } from '../grid/tokens.ts';
import { blocksOf, lengthOf, linesOf } from './textBlocks.ts';

/** Blocks shown at first, and more by each press. */
const blocksAtFirst = 8;
const blocksByPress = 32;
const linePx = 17;
/** Characters in a line of the details, about. */
const acrossWrapped = 50;

export interface LongTextProps {
  /** Of the text, as `blocksOf` makes them. */
  readonly blocks: readonly (readonly Piece[])[];
  /** Breaks long lines; a dump of bytes must keep them. */
  readonly isWrapped?: boolean;
}

function Block({ block, isWrapped }: { block: readonly Piece[]; isWrapped: boolean }) {
  return useMemo(() => {
    const lines = linesOf(block, isWrapped ? acrossWrapped : Number.POSITIVE_INFINITY);
    return (
      <span class="text-block" style={{ containIntrinsicHeight: `auto ${lines * linePx}px` }}>
        <Pieces pieces={block} />
      </span>
    );
  }, [block, isWrapped]);
}

/** Where a block ends the text has no line break: what is selected is copied without any. */
function copy(event: ClipboardEvent): void {
  const selection = getSelection();
  const range = selection?.rangeCount ? selection.getRangeAt(0) : undefined;
  const whole = event.currentTarget as HTMLElement;
  if (!range || !whole.contains(range.commonAncestorContainer)) return;
  event.clipboardData?.setData('text/plain', range.cloneContents().textContent ?? '');
  event.preventDefault();
}

export function LongText({ blocks, isWrapped = true }: LongTextProps) {
  const [count, setCount] = useState(blocksAtFirst);
  const rest = useMemo(
    () => blocks.slice(count).reduce((sum, block) => sum + lengthOf(block), 0),
    [blocks, count],
  );
  return (
    <>
      <pre class={isWrapped ? 'text wrapped' : 'text'} onCopy={copy}>
        {blocks.slice(0, count).map((block, index) => (
          <Block key={index} block={block} isWrapped={isWrapped} />
        ))}
      </pre>
      {rest > 0 && (
        <Button onPress={() => setCount(count + blocksByPress)}>
          Show more ({formatCount(rest)} characters left)
        </Button>
      )}
    </>
  );
}

/** The same for text that looks the same throughout. */
export function LongPlainText({ text, ...looks }: { text: string; isWrapped?: boolean }) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  return <LongText blocks={blocks} {...looks} />;
}
