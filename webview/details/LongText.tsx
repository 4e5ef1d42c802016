/** Text of any length: its beginning at once, the rest piece by piece when asked for. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../controls/Button.tsx';
import { formatCount } from '../format.ts';
import { visible } from '../visibleText.ts';

export interface LongTextProps {
  readonly text: string;
  /** Characters shown at first, and more by each press. */
  readonly stepCharacters?: number;
  /** Breaks long lines; a dump of bytes must keep them. */
  readonly isWrapped?: boolean;
  draw?(text: string): ComponentChildren;
}

export function LongText(props: LongTextProps) {
  const { text, stepCharacters = 64 * 1024, isWrapped = true, draw } = props;
  const [steps, setSteps] = useState(1);
  const shown = text.slice(0, steps * stepCharacters);
  const rest = text.length - shown.length;
  return (
    <>
      <pre class={isWrapped ? 'text wrapped' : 'text'}>{draw ? draw(shown) : visible(shown)}</pre>
      {rest > 0 && (
        <Button onPress={() => setSteps(steps * 2)}>
          Show more ({formatCount(rest)} characters left)
        </Button>
      )}
    </>
  );
}
