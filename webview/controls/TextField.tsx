/** One line of text. The toolkit names a field after its text when it connects; ours has none, so it is named after that. */
import { vsCodeTextField } from '@vscode/webview-ui-toolkit';
import { type ComponentChildren, h, type RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { type ComboParts, showAsCombo } from './comboInput.ts';
import { register } from './register.ts';

register(vsCodeTextField());

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly isInvalid: boolean;
  readonly elementRef?: RefObject<HTMLElement | null> | undefined;
  /** Shown inside, at the end. */
  readonly children?: ComponentChildren;
  /** Set on a field that offers a list: what is open of it, after it was drawn. */
  combo?(): ComboParts;
  onInput(value: string): void;
  onEnter(value: string): void;
  /** Before all else; true when nothing else is to come of the key. */
  onKey?(event: KeyboardEvent): boolean;
  /** The caret is set by the pointer. */
  onPointer?(): void;
  onFocus?(): void;
  onLeave?(value: string): void;
}

const textIn = (event: Event): string => (event.currentTarget as HTMLInputElement).value;

export function TextField(props: TextFieldProps) {
  const own = useRef<HTMLElement>(null);
  const field = props.elementRef ?? own;
  const { combo, onKey } = props;
  useLayoutEffect(
    () => field.current?.setAttribute('aria-label', props.label),
    [field, props.label],
  );
  useLayoutEffect(() => {
    if (combo) showAsCombo(field.current, combo());
  });
  const press = (event: KeyboardEvent): void => {
    if (onKey?.(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === 'Enter') props.onEnter(textIn(event));
  };
  const attributes = {
    ref: field,
    class: 'text-field',
    value: props.value,
    placeholder: props.placeholder,
    spellcheck: false,
    'aria-invalid': `${props.isInvalid}`,
    onInput: (event: Event) => props.onInput(textIn(event)),
    onKeyDown: press,
    onPointerDown: () => props.onPointer?.(),
    onFocusIn: () => props.onFocus?.(),
    onFocusOut: (event: Event) => props.onLeave?.(textIn(event)),
  };
  return h('vscode-text-field', attributes, props.children);
}
