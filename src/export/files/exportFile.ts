/** The file of an export: written under a name of its own beside its place, which it takes once it is whole. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { messageOf } from '../../base/errors.ts';
import type { ExportSink } from '../exporter.ts';

export class ExportFile implements ExportSink {
  private readonly part: string;
  private readonly file: FileHandle;
  private bytes = 0;

  private constructor(part: string, file: FileHandle) {
    this.part = part;
    this.file = file;
  }

  /** Creates `part` for the user alone; rejects when it is there. */
  static async open(part: string): Promise<ExportFile> {
    return new ExportFile(part, await open(part, 'wx', 0o600));
  }

  /** Resolves once the system has all of it. Rejects with an Error for people; the file then ends before these bytes. */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      await this.file.appendFile(bytes);
      this.bytes += bytes.length;
    } catch (thrown) {
      await this.file.truncate(this.bytes).catch(() => undefined);
      throw new Error(`The file could not be written: ${messageOf(thrown)}.`);
    }
  }

  /** It is whole: it takes its place, and that of what is there. One that cannot be made sure of stays under its own name. */
  async finish(path: string): Promise<void> {
    await this.file.datasync().finally(() => this.file.close());
    await rename(this.part, path);
  }

  /** It stays as it is, under its own name. */
  async leave(): Promise<void> {
    await this.file.close();
  }

  /** Nothing of it stays. */
  async remove(): Promise<void> {
    await this.file.close();
    await rm(this.part, { force: true });
  }
}
