/** Where a part says what it did. Record content never goes to a logger. */

export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

const silent = (): void => undefined;

/** Drops everything. */
export const nullLogger: Logger = { debug: silent, info: silent, warn: silent, error: silent };
