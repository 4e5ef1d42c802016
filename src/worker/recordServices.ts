/** Answers what the host asks about single records, about how they are decoded and what of them is hidden. */
import type { Handlers } from '../protocol/channel.ts';
import type { RecordWorkerMethods } from '../protocol/record.ts';
import type { WorkerMethods } from '../protocol/worker.ts';
import { RecordDocuments } from '../tail/recordDocuments.ts';
import type { Tails } from './tails.ts';

type Methods = RecordWorkerMethods & Pick<WorkerMethods, 'pinTail' | 'setMask' | 'findTailRecord'>;

export function recordHandlers(tails: Tails): Handlers<Methods> {
  const documents = new RecordDocuments(tails.masking);
  return {
    pinTail: ({ tail, pinned }) => tails.pin(tail, pinned),
    setMask: ({ patterns }) => tails.masking.set(patterns),
    findTailRecord: ({ tail, ...place }) => tails.get(tail).tab.find(place),
    keepRecord: ({ tail, ...asked }) => {
      const { tab, decoder } = tails.get(tail);
      const record = tab.held(asked);
      return record && documents.keep(record, decoder);
    },
    recordText: ({ document }) => documents.text(document),
    releaseRecord: ({ document }) => documents.release(document),
  };
}
