/** Exports what the tail shows, or a range of the stream; the host asks what, how and where. */
import { Button } from '../controls/Button.tsx';
import { useModel, usePanel } from '../hooks.ts';
import './exportButton.css';

export function ExportButton() {
  const panel = usePanel();
  const hasTail = useModel((model) => model.tick !== undefined && model.tick.tail !== 0);
  return (
    <Button
      className="export"
      isDisabled={!hasTail}
      tooltip="Save the rows that match, or a time range of the stream, as JSONL or CSV"
      onPress={() => void panel.ask('exportRecords', {})}
    >
      Export…
    </Button>
  );
}
