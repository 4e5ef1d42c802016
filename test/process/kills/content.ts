/** Records that tell by themselves who wrote them, in which order, and whether they are whole. */
import { createHash } from 'node:crypto';

export interface WrittenRecord {
  readonly id: string;
  readonly input: { readonly PartitionKey: string; readonly Data: string };
}

/** The `turn`th attempt of a client, on one of its three keys. */
export function recordOf(client: number, turn: number): WrittenRecord {
  const id = `${client}:${turn}`;
  const Data = Buffer.from(textOf(id)).toString('base64');
  return { id, input: { PartitionKey: keyOf(client, turn), Data } };
}

const keyOf = (client: number, turn: number): string => `client ${client} key ${turn % 3}`;

/** Most are short; one in sixteen is longer than a page. */
function textOf(id: string): string {
  const digest = createHash('md5').update(id).digest('hex');
  const length = digest.startsWith('0') ? 6000 : 64 + Number.parseInt(digest.slice(0, 2), 16);
  return `${id} `.padEnd(length, digest);
}

/** What a record says of itself; undefined when it is not as it was written. */
export function readRecord(record: {
  readonly PartitionKey: string;
  readonly Data: string;
}): { id: string; key: string; turn: number } | undefined {
  const text = Buffer.from(record.Data, 'base64').toString();
  const id = text.slice(0, text.indexOf(' '));
  const [client = -1, turn = -1] = id.split(':').map(Number);
  const isWhole = text === textOf(id) && record.PartitionKey === keyOf(client, turn);
  return isWhole ? { id, key: record.PartitionKey, turn } : undefined;
}
