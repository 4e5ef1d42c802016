/** Words with more to them: a tooltip for the pointer, the same text on a press for the keyboard, and for screen readers. */
import type { ComponentChildren } from 'preact';
import { useCallback, useState } from 'preact/hooks';
import './fact.css';
import { Popup } from './Popup.tsx';
import { useCalmName } from './useCalmName.ts';

export interface FactProps {
  /** What there is to say, in a sentence or more. */
  readonly words: string;
  /** Of the surface that shows them. */
  readonly label: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** Its title is its description too. */
export function Fact({ words, label, class: name = '', children }: FactProps) {
  const { button, ...calm } = useCalmName();
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  return (
    <>
      <button
        ref={button}
        type="button"
        class={`fact ${name}`}
        title={words}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        {...calm}
      >
        {children}
      </button>
      {isOpen && button.current && (
        <Popup anchor={button.current} label={label} role="dialog" onClose={close}>
          <div class="fact-words">{words}</div>
        </Popup>
      )}
    </>
  );
}
