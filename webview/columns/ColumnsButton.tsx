/** The toolbar's button for the columns, and what it opens. */
import { useCallback, useRef, useState } from 'preact/hooks';
import { Button } from '../controls/Button.tsx';
import { Popup } from '../controls/Popup.tsx';
import { usePanel } from '../hooks.ts';
import { ColumnsForm } from './ColumnsForm.tsx';
import './columns.css';

export function ColumnsButton() {
  const { columns } = usePanel();
  const button = useRef<HTMLElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const press = (): void => {
    if (!isOpen) void columns.findFields();
    setOpen(!isOpen);
  };
  return (
    <>
      <Button
        elementRef={button}
        className="columns-button"
        tooltip="Choose what the grid shows: fixed columns and JSON fields"
        isMenuOpen={isOpen}
        opens="dialog"
        onPress={press}
      >
        Columns
      </Button>
      {isOpen && button.current && (
        <Popup anchor={button.current} label="Columns" role="dialog" isForm onClose={close}>
          <ColumnsForm />
        </Popup>
      )}
    </>
  );
}
