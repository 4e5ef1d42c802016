/** A button: primary for the one thing one does most, secondary for the rest, link inside a sentence. */
import { vsCodeButton } from '@vscode/webview-ui-toolkit';
import { type ComponentChildren, h, type Ref } from 'preact';
import { register } from './register.ts';

register(vsCodeButton());

export interface ButtonProps {
  readonly look?: 'primary' | 'secondary';
  /** It does nothing then, but keeps the focus and its tooltip. */
  readonly isDisabled?: boolean | undefined;
  readonly tooltip?: string | undefined;
  readonly className?: string | undefined;
  /** Set on buttons that open a menu: whether it is open. */
  readonly isMenuOpen?: boolean | undefined;
  /** What it opens then. */
  readonly opens?: 'menu' | 'dialog';
  readonly elementRef?: Ref<HTMLElement> | undefined;
  readonly children: ComponentChildren;
  onPress(): void;
}

export function Button(props: ButtonProps) {
  const { look = 'secondary', isDisabled = false, isMenuOpen, onPress } = props;
  const isMenu = isMenuOpen !== undefined;
  const attributes = {
    ref: props.elementRef,
    class: props.className,
    title: props.tooltip,
    appearance: look,
    onClick: isDisabled ? undefined : onPress,
    'aria-disabled': isDisabled ? 'true' : undefined,
    'aria-haspopup': isMenu ? (props.opens ?? 'menu') : undefined,
    'aria-expanded': isMenu ? `${isMenuOpen}` : undefined,
  };
  return h('vscode-button', attributes, props.children);
}
