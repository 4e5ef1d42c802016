/** One line of text. */
import { vsCodeTextField } from '@vscode/webview-ui-toolkit';
import { type ComponentChildren, h, type Ref } from 'preact';
import { register } from './register.ts';

register(vsCodeTextField());

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly isInvalid: boolean;
  readonly elementRef?: Ref<HTMLElement> | undefined;
  /** Shown inside, at the end. */
  readonly children?: ComponentChildren;
  onInput(value: string): void;
  onEnter(value: string): void;
}

const textIn = (event: Event): string => (event.currentTarget as HTMLInputElement).value;

export function TextField(props: TextFieldProps) {
  const attributes = {
    ref: props.elementRef,
    class: 'text-field',
    value: props.value,
    placeholder: props.placeholder,
    spellcheck: false,
    'aria-label': props.label,
    'aria-invalid': `${props.isInvalid}`,
    onInput: (event: Event) => props.onInput(textIn(event)),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter') props.onEnter(textIn(event));
    },
  };
  return h('vscode-text-field', attributes, props.children);
}
