/** The rows that a panel's tail holds, as a command that works on them sees them. */

export interface HeldRows {
  readonly connection: string;
  readonly stream: string;
  /** Of the worker. */
  readonly tail: number;
  readonly filter: string;
  /** Records held, and those of them that match the filter. */
  readonly held: number;
  readonly matching: number;
}
