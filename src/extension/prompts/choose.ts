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

/**
 * An answered question stays so long, greyed out: the next one takes its place. Were it gone at once,
 * the editor would give the focus back to a panel behind it, and that would close the next question.
 */
const lingerMs = 250;

/** The chosen value. Rejects with a CancellationError when the user goes away. */
export async function choose<T>(
  { title, prompt }: Question,
  choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
): Promise<T> {
  const pick = vscode.window.createQuickPick<Choice<T>>();
  Object.assign(pick, { title, placeholder: prompt, matchOnDescription: true, busy: true });
  pick.ignoreFocusOut = true;
  const chosen = answerOf(pick);
  try {
    pick.show();
    pick.items = await choices;
    pick.busy = false;
    const { value } = await chosen;
    pick.enabled = false;
    return value;
  } finally {
    setTimeout(() => pick.dispose(), pick.enabled ? 0 : lingerMs);
  }
}

function answerOf<I extends vscode.QuickPickItem>(pick: vscode.QuickPick<I>): Promise<I> {
  const answer = new Promise<I>((resolve, reject) => {
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item) resolve(item);
    });
    pick.onDidHide(() => reject(new vscode.CancellationError()));
  });
  answer.catch(() => undefined); // gone before there was anything to choose from
  return answer;
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
