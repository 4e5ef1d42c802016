/** Brings what the engine writes into its folder's log into this window's log, a bounded piece at a time. */
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';

const pieceBytesMax = 64 * 1024;
const linePattern = /^\S+ (debug|info|warn|error)\s+(.*)$/;

export class EngineLogReader {
  private readonly logger: Logger;
  private file = '';
  private position = 0;
  private reading: Promise<void> = Promise.resolve();

  constructor(logger: Logger) {
    this.logger = logger;
  }

  /** Follows the log of the engine in `folder` from its present end on. */
  follow(folder: string): void {
    const file = path.join(folder, 'engine.log');
    if (file === this.file) return;
    this.file = file;
    this.reading = this.use(async (handle) => {
      this.position = (await handle.stat()).size;
    });
  }

  /** Hands on the lines written since the last call; what is over a piece waits for the next. */
  read(): void {
    if (this.file === '') return;
    this.reading = this.reading.then(() => this.use((handle) => this.readFrom(handle)));
  }

  private async readFrom(handle: FileHandle): Promise<void> {
    const { size } = await handle.stat();
    if (size < this.position) this.position = 0; // it was begun anew
    const buffer = Buffer.alloc(Math.min(pieceBytesMax, size - this.position));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.position);
    const end =
      buffer.lastIndexOf(10, bytesRead) + 1 || (bytesRead === pieceBytesMax ? bytesRead : 0);
    this.position += end;
    for (const line of buffer.toString('utf8', 0, end).split('\n')) this.say(line);
  }

  private say(line: string): void {
    const [, level, message] = linePattern.exec(line) ?? [];
    if (message !== undefined) this.logger[level as keyof Logger](`engine: ${message}`);
    else if (line.trim() !== '') this.logger.info(`engine: ${line.trim()}`);
  }

  private async use(task: (handle: FileHandle) => Promise<void>): Promise<void> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(this.file, 'r');
      await task(handle);
    } catch (thrown) {
      if (codeOf(thrown) === undefined) throw thrown; // no log yet, or not ours to read
    } finally {
      await handle?.close();
    }
  }
}
