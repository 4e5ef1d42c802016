/** Where the engine says what it did: standard error, and a bounded file in the data folder. */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from '../base/logger.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export const engineLogName = 'engine.log';
/** The file is renamed to `engine.log.1` at this size, so both together hold twice as much. */
export const engineLogBytesMax = 1024 ** 2;

/** A logger that writes whole lines to `write`, from `level` up. */
export function lineLogger(level: LogLevel, write: (line: string) => void): Logger {
  const least = logLevels.indexOf(level);
  const at = (name: LogLevel) => (message: string) => {
    if (logLevels.indexOf(name) < least) return;
    write(`${new Date().toISOString()} ${name.padEnd(5)} ${message.replaceAll('\n', '\n  ')}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Says everything to each of `loggers`. */
export function teeLogger(...loggers: Logger[]): Logger {
  const all = (name: LogLevel) => (message: string) => {
    for (const logger of loggers) logger[name](message);
  };
  return { debug: all('debug'), info: all('info'), warn: all('warn'), error: all('error') };
}

/** A file of bounded size. Lines are written at once, so that a crash loses none; failures are ignored. */
export class BoundedFile {
  private readonly file: string;
  private handle: number | undefined;
  private size = 0;

  constructor(folder: string) {
    this.file = path.join(folder, engineLogName);
    this.open();
  }

  write(line: string): void {
    try {
      if (this.size + line.length > engineLogBytesMax) this.rotate();
      if (this.handle !== undefined) this.size += writeSync(this.handle, line);
    } catch {
      this.close(); // a full disk must not end the engine for the sake of its log
    }
  }

  close(): void {
    if (this.handle !== undefined) closeSync(this.handle);
    this.handle = undefined;
  }

  private open(): void {
    try {
      this.handle = openSync(this.file, 'a', 0o600);
      this.size = fstatSync(this.handle).size;
    } catch {
      this.handle = undefined;
    }
  }

  private rotate(): void {
    this.close();
    renameSync(this.file, `${this.file}.1`);
    this.open();
  }
}
