/** One line of text. The toolkit names a field after its text when it connects; ours has none, so it is named after that. */
import { vsCodeTextField } from '@vscode/webview-ui-toolkit';
import { type ComponentChildren, h, type RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
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
  onInput(value: string): void;
  onEnter(value: string): void;
}

const textIn = (event: Event): string => (event.currentTarget as HTMLInputElement).value;

export function TextField(props: TextFieldProps) {
  const own = useRef<HTMLElement>(null);
  const field = props.elementRef ?? own;
  useLayoutEffect(
    () => field.current?.setAttribute('aria-label', props.label),
    [field, props.label],
  );
  const attributes = {
    ref: field,
    class: 'text-field',
    value: props.value,
    placeholder: props.placeholder,
    spellcheck: false,
    'aria-invalid': `${props.isInvalid}`,
    onInput: (event: Event) => props.onInput(textIn(event)),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter') props.onEnter(textIn(event));
    },
  };
  return h('vscode-text-field', attributes, props.children);
}
