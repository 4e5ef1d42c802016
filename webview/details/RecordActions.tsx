/** What can be done with the open record, in words at the foot of the details. */
import type { RecordCommand } from '../../src/protocol/record.ts';
import { useModel, usePanel } from '../hooks.ts';
import './recordActions.css';

interface Action {
  readonly label: string;
  readonly title: string;
  press(): void;
}

function Words({ label, title, press }: Action) {
  return (
    <button type="button" class="record-action" title={title} onClick={press}>
      {label}
    </button>
  );
}

export function RecordActions() {
  const panel = usePanel();
  const selected = useModel((model) => model.subject?.look?.selected);
  const run = (name: RecordCommand) => () => panel.records.run(name);
  return (
    <footer class="record-actions">
      <Words
        label="Open in editor"
        title="Open the decoded record as a read-only document (o)"
        press={run('openRecord')}
      />
      <Words
        label="Select for compare"
        title="Keep this record to compare it with another (c)"
        press={run('selectRecord')}
      />
      {selected !== undefined && (
        <Words
          label={`Compare with ${selected}`}
          title="Show how this record differs from the selected one (Shift+C)"
          press={run('compareRecord')}
        />
      )}
      <Words
        label="Decode as…"
        title="Choose how records of this stream are decoded"
        press={() => void panel.ask('decodeAs', {})}
      />
    </footer>
  );
}
