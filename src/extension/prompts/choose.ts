/** Input boxes and quick picks that end in an answer or in a cancelled command. */
import * as vscode from 'vscode';

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

export interface Question {
  /** The command's name: `Split Shard`. */
  readonly title: string;
  /** What is asked, as a request: `Choose a stream to tail`. */
  readonly prompt: string;
}

/** The chosen value. Rejects with a CancellationError when the user goes away. */
export async function choose<T>(
  { title, prompt }: Question,
  choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
): Promise<T> {
  const chosen = await vscode.window.showQuickPick(choices as Choice<T>[], {
    title,
    placeHolder: prompt,
    matchOnDescription: true,
    // A live panel behind it may take the focus at any time; the question stays until it is answered.
    ignoreFocusOut: true,
  });
  if (!chosen) throw new vscode.CancellationError();
  return chosen.value;
}

export interface TextQuestion extends Question {
  readonly value?: string;
  readonly placeHolder?: string;
  /** A sentence about what is wrong, or what the answer will do; undefined: nothing to say. */
  check?(text: string): string | vscode.InputBoxValidationMessage | undefined;
}

/** The text. Rejects with a CancellationError when the user goes away. */
export async function askText(question: TextQuestion): Promise<string> {
  const { title, prompt, value, placeHolder, check } = question;
  const answer = await vscode.window.showInputBox({
    title,
    prompt,
    ignoreFocusOut: true,
    ...(value !== undefined && { value }),
    ...(placeHolder !== undefined && { placeHolder }),
    ...(check && { validateInput: check }),
  });
  if (answer === undefined) throw new vscode.CancellationError();
  return answer;
}

/** A sentence under an input box that is no objection. */
export function hint(message: string): vscode.InputBoxValidationMessage {
  return { message, severity: vscode.InputBoxValidationSeverity.Info };
}
