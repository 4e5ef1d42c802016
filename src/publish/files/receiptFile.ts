/** Receipts in a file: one JSON line per acknowledged record, handed to the system before the next call. */
import { type FileHandle, open } from 'node:fs/promises';
import type { Receipt, Receipts } from '../publisher.ts';

export class ReceiptFile implements Receipts {
  private readonly file: FileHandle;

  private constructor(file: FileHandle) {
    this.file = file;
  }

  /** Appends to `path`; creates it for the user alone. */
  static async open(path: string): Promise<ReceiptFile> {
    return new ReceiptFile(await open(path, 'a', 0o600));
  }

  /** Resolved once the operating system has the lines: a killed process loses none of them. */
  async write(receipts: readonly Receipt[]): Promise<void> {
    const lines = receipts.map(
      ({ shardId, sequenceNumber, partitionKey }) =>
        `${JSON.stringify({ shardId, sequenceNumber, partitionKey })}\n`,
    );
    await this.file.appendFile(lines.join(''));
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}
