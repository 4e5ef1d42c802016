/** Yes or no, with what it is about beside it. */
import type { ComponentChildren } from 'preact';
import './checkbox.css';

export interface CheckboxProps {
  readonly isChecked: boolean;
  readonly isDisabled?: boolean;
  readonly tooltip?: string | undefined;
  readonly children: ComponentChildren;
  onChange(isChecked: boolean): void;
  onKey?(event: KeyboardEvent): void;
}

export function Checkbox(props: CheckboxProps) {
  const { isChecked, isDisabled = false, tooltip, children, onChange, onKey } = props;
  return (
    <label class="checkbox" title={tooltip}>
      <input
        type="checkbox"
        checked={isChecked}
        disabled={isDisabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
        onKeyDown={onKey}
      />
      <span class="checkbox-words">{children}</span>
    </label>
  );
}
