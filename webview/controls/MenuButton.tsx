/** A button that offers a few actions. */
import type { ComponentChildren } from 'preact';
import { useCallback, useRef, useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import { Popup } from './Popup.tsx';

export interface MenuChoice {
  readonly label: string;
  /** Quiet, behind the label. */
  readonly detail?: string;
  readonly isDisabled?: boolean;
  readonly tooltip?: string;
  choose(): void;
}

/** The items of a menu; choosing one closes it. */
export function MenuItems({ choices, onDone }: { choices: readonly MenuChoice[]; onDone(): void }) {
  const item = ({ label, detail, isDisabled, tooltip, choose }: MenuChoice) => {
    const press = (): void => {
      onDone();
      choose();
    };
    return (
      <button
        key={label}
        type="button"
        role="menuitem"
        class="menu-item"
        disabled={isDisabled ?? false}
        title={tooltip}
        onClick={press}
      >
        {detail === undefined ? label : <span class="menu-label">{label}</span>}
        {detail !== undefined && <span class="menu-detail">{detail}</span>}
      </button>
    );
  };
  return <>{choices.map(item)}</>;
}

export interface MenuButtonProps {
  /** What the menu is for, to a screen reader. */
  readonly label: string;
  readonly tooltip?: string;
  readonly className?: string;
  readonly choices: readonly MenuChoice[];
  readonly children: ComponentChildren;
}

export function MenuButton({ label, tooltip, className, choices, children }: MenuButtonProps) {
  const button = useRef<HTMLElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  return (
    <>
      <Button
        elementRef={button}
        className={className}
        tooltip={tooltip}
        isMenuOpen={isOpen}
        onPress={() => setOpen(!isOpen)}
      >
        {children}
        <span class="menu-sign" aria-hidden="true">
          ▾
        </span>
      </Button>
      {isOpen && button.current && (
        <Popup anchor={button.current} label={label} role="menu" onClose={close}>
          <MenuItems choices={choices} onDone={close} />
        </Popup>
      )}
    </>
  );
}
