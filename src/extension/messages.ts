/** What the window tells its user: sentences that say what, why and what next, and offer the log. */
import * as vscode from 'vscode';
import { messageOf } from '../base/errors.ts';
import { isKinesisError, type KinesisError } from '../kinesis/errors.ts';

/** An action offered with a message: its button's text and what it does. */
export interface MessageAction {
  readonly title: string;
  run(): unknown;
}

/** A failed step, worded for the user: `what` begins the sentence, the error is the reason. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly actions: readonly MessageAction[];

  constructor(message: string, ...actions: MessageAction[]) {
    super(message);
    this.actions = actions;
  }
}

/** `Stream orders was not created: …`, AWS's own sentence, its name, and the next step if one is known. */
export function failure(what: string, thrown: unknown): UserError {
  if (thrown instanceof UserError) return thrown;
  const why = messageOf(thrown).replace(/[\s.]+$/, '');
  if (!isKinesisError(thrown) || worded.has(thrown.name)) return new UserError(`${what}: ${why}.`);
  const next = nextStep(thrown);
  return new UserError(`${what}: ${why} (${thrown.name}).${next && ` ${next}`}`);
}

/** Errors whose sentence is the worker's own, next step included. */
const worded = new Set(['CredentialsError', 'NetworkError', 'NoConnection', 'ReadOnlyConnection']);

function nextStep({ name, message }: KinesisError): string {
  switch (name) {
    case 'LimitExceededException':
      return /rate|per second|within/i.test(message) ? 'Wait a little and try again.' : '';
    case 'ResourceInUseException':
      return /not ACTIVE/.test(message) ? 'Try again once it is ACTIVE.' : '';
    case 'AccessDeniedException':
      return 'Ask for the permission that it names, or choose another profile.';
    default:
      return '';
  }
}

interface Said {
  readonly message: string;
  readonly actions: readonly MessageAction[];
}

type Show = (message: string, ...titles: string[]) => Thenable<string | undefined>;

/** Nothing here waits for the user: a command is done when its message is shown. */
export class Messages {
  private readonly log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.log = log;
  }

  /** Shows an error with its actions and the log; says nothing of a cancelled command. */
  error(thrown: unknown): void {
    if (thrown instanceof vscode.CancellationError) return;
    const message = messageOf(thrown);
    const isOurs = thrown instanceof UserError;
    this.log.error(isOurs || !(thrown instanceof Error) ? message : thrown);
    const log = { title: 'Show Log', run: () => this.log.show() };
    const actions = [...(isOurs ? thrown.actions : []), log];
    void this.offer(vscode.window.showErrorMessage, { message, actions });
  }

  warn(message: string, ...actions: MessageAction[]): void {
    this.log.warn(message);
    void this.offer(vscode.window.showWarningMessage, { message, actions });
  }

  info(message: string, ...actions: MessageAction[]): void {
    void this.offer(vscode.window.showInformationMessage, { message, actions });
  }

  /** A line in the status bar that goes by itself. */
  brief(message: string): void {
    vscode.window.setStatusBarMessage(message, 5_000);
  }

  private async offer(show: Show, { message, actions }: Said): Promise<void> {
    const chosen = await show(message, ...actions.map((action) => action.title));
    try {
      await actions.find((action) => action.title === chosen)?.run();
    } catch (thrown) {
      this.error(thrown);
    }
  }
}
