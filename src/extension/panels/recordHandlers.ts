/** What a panel asks about one record, done by the window. */
import * as vscode from 'vscode';
import type { Handlers } from '../../protocol/channel.ts';
import type { PanelMethods } from '../../protocol/panel.ts';
import type { RecordMethods } from '../../protocol/record.ts';
import type { RecordAsked, TailTick } from '../../protocol/tail.ts';
import { formatLink, linkProblem, linkStart } from '../links.ts';
import type { RecordOfTail } from '../records/recordDocuments.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';
import { runCommand } from './commandHandlers.ts';
import type { PanelParts } from './panelParts.ts';

/** The panel that asks. */
export interface RecordPanel {
  readonly place: StreamPlace | undefined;
  /** Throws while no tail is open. */
  readonly openedTail: number;
  readonly lastTick: TailTick | undefined;
}

type Methods = RecordMethods & Pick<PanelMethods, 'findRecord'>;

export function recordHandlers(parts: PanelParts, panel: RecordPanel): Handlers<Methods> {
  const { records, worker } = parts;
  const { documents } = records;
  const opened = (): StreamPlace => {
    if (panel.place) return panel.place;
    throw new Error('No stream is open here.');
  };
  const of = (asked: RecordAsked): RecordOfTail => {
    const { connection, stream } = opened();
    return { connection, stream, tail: panel.openedTail, asked };
  };
  return {
    openRecord: (asked) => documents.open(of(asked)),
    selectRecord: (asked) => documents.select(of(asked)),
    compareRecord: (asked) => documents.compare(of(asked)),
    decodeAs: () => runCommand('shardscope.decodeAs', opened()),
    toggleMasking: () => runCommand('shardscope.toggleMasking'),
    findRecord: async (place) =>
      worker.call('findTailRecord', { ...place, tail: panel.openedTail }),
    copyLink: async ({ sequenceNumber }) => {
      const { lastTick } = panel;
      const { connection, stream } = opened();
      const start = sequenceNumber
        ? ({ type: 'AT_SEQUENCE_NUMBER', sequenceNumber } as const)
        : linkStart(lastTick?.start);
      const filter = sequenceNumber ? '' : (lastTick?.filter ?? '');
      const link = { connection, stream, start, filter };
      const problem = linkProblem(link);
      if (problem !== undefined) throw new Error(`No link was copied: ${problem}.`);
      await vscode.env.clipboard.writeText(formatLink(parts.linkBase, link));
      parts.brief(`Copied a link to ${sequenceNumber ? 'the record' : stream}`);
    },
  };
}
