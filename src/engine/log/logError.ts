/** What can be wrong with a log or its folder. */

/**
 * LOCKED  another process holds the folder          CLOSED    the log was closed
 * CORRUPT damage that is not a torn tail            POISONED  a write failed; reopen to go on
 * FULL    no room: on the disk or by the folder's limit        FORMAT  written by a newer version
 * FOLDER  the data folder cannot be used: a file, not ours to read or write
 */
export type LogErrorCode =
  | 'LOCKED'
  | 'CLOSED'
  | 'CORRUPT'
  | 'POISONED'
  | 'FULL'
  | 'FORMAT'
  | 'FOLDER';

export class LogError extends Error {
  override readonly name = 'LogError';
  readonly code: LogErrorCode;
  /** File, relative to the data folder. */
  readonly path: string | undefined;
  /** Byte in that file. */
  readonly position: number | undefined;

  constructor(code: LogErrorCode, message: string, at: { path?: string; position?: number } = {}) {
    super(message);
    this.code = code;
    this.path = at.path;
    this.position = at.position;
  }
}
