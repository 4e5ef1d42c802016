/** One line: pause or resume, where to start, the filter, export, put a record. */
import type { RefObject } from 'preact';
import { ColumnsButton } from '../columns/ColumnsButton.tsx';
import { Button } from '../controls/Button.tsx';
import { useModel, usePanel } from '../hooks.ts';
import { ExportButton } from './ExportButton.tsx';
import { FilterBox } from './FilterBox.tsx';
import { StartMenu } from './StartMenu.tsx';
import { StopMenu } from './StopMenu.tsx';
import './toolbar.css';

function PauseButton() {
  const panel = usePanel();
  const state = useModel((model) => model.tick?.state);
  const isPaused = state === 'paused';
  return (
    <Button
      look="primary"
      className="pause"
      isDisabled={state === undefined || state === 'ended' || state === 'failed'}
      tooltip={isPaused ? 'Go on reading (Space)' : 'Stop reading; the rows stay (Space)'}
      onPress={() => panel.togglePause()}
    >
      <span class="pause-sign" aria-hidden="true">
        {isPaused ? '▶' : '❚❚'}
      </span>
      {isPaused ? 'Resume' : 'Pause'}
    </Button>
  );
}

function PutButton() {
  const panel = usePanel();
  const isWritable = useModel((model) => model.subject?.connection.writable ?? false);
  return (
    <Button
      isDisabled={!isWritable}
      tooltip={isWritable ? 'Put a record into this stream' : 'This connection is read-only'}
      onPress={() => void panel.ask('putRecord', {})}
    >
      Put record
    </Button>
  );
}

export function Toolbar({ filterRef }: { filterRef: RefObject<HTMLElement | null> }) {
  return (
    <section class="toolbar" data-region="toolbar" aria-label="Toolbar">
      <PauseButton />
      <StartMenu />
      <StopMenu />
      <FilterBox elementRef={filterRef} />
      <ColumnsButton />
      <ExportButton />
      <PutButton />
    </section>
  );
}
