/** What the process' exit code says. */
export const exitCodes = {
  ok: 0,
  usage: 2,
  /** Another engine holds the data folder, or took it over. */
  held: 3,
  portTaken: 4,
  /** The data folder cannot be used or read. */
  folder: 5,
  /** No engine answers for the data folder that a control is for. */
  notRunning: 6,
  /** The engine refused a control. */
  refused: 7,
  /** A defect of ours. */
  defect: 70,
} as const;

/** A start that did not happen. `message` is for the user: what, why, and what to do. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
  /** `LOCKED`, `PORT_TAKEN`, a LogErrorCode, or `FAILED`. */
  readonly code: string;
  readonly exitCode: number;
  /** Where the engine that holds the folder answers. */
  readonly endpoint: string | undefined;

  constructor(message: string, facts: { code: string; exitCode: number; endpoint?: string }) {
    super(message);
    this.code = facts.code;
    this.exitCode = facts.exitCode;
    this.endpoint = facts.endpoint || undefined;
  }
}
