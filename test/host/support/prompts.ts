// Answers the editor's prompts in place of a user, and remembers what was asked and said.
import * as vscode from 'vscode';

/** An item that begins with this text, or the text to type; `undefined` goes away. */
type Answer = string | undefined;

export interface Heard {
  /** Titles of prompts, in their order. */
  readonly prompts: string[];
  /** What quick picks offered. */
  readonly choices: string[][];
  readonly messages: string[];
  /** Objections of input boxes to what was typed. */
  readonly objections: string[];
}

type Names =
  | 'createQuickPick'
  | 'showInputBox'
  | 'showOpenDialog'
  | 'showSaveDialog'
  | 'showInformationMessage'
  | 'showWarningMessage'
  | 'showErrorMessage';

const names: readonly Names[] = [
  'createQuickPick',
  'showInputBox',
  'showOpenDialog',
  'showSaveDialog',
  'showInformationMessage',
  'showWarningMessage',
  'showErrorMessage',
];

/**
 * Runs `task` while prompts are answered in turn; those beyond the answers are cancelled. `buttons`
 * are pressed in any message that has them.
 */
export async function answering(
  { answers = [], buttons = [] }: { answers?: readonly Answer[]; buttons?: readonly string[] },
  task: () => PromiseLike<unknown>,
): Promise<Heard> {
  const heard: Heard = { prompts: [], choices: [], messages: [], objections: [] };
  const left = [...answers];
  const window = vscode.window as unknown as Record<Names, unknown>;
  const before = new Map(names.map((name) => [name, window[name]]));
  const say = async (message: string, ...items: unknown[]): Promise<string | undefined> => {
    heard.messages.push(message);
    return items.filter((item) => typeof item === 'string').find((item) => buttons.includes(item));
  };
  Object.assign(window, {
    createQuickPick: () => new AnsweredPick(heard, () => left.shift()),
    showInputBox: async (options: vscode.InputBoxOptions) => {
      heard.prompts.push(options.title ?? '');
      return type(options, { answer: left.shift(), heard });
    },
    showOpenDialog: async (options: vscode.OpenDialogOptions) => {
      heard.prompts.push(options.title ?? '');
      const file = left.shift();
      return file === undefined ? undefined : [vscode.Uri.file(file)];
    },
    showSaveDialog: async (options: vscode.SaveDialogOptions) => {
      heard.prompts.push(options.title ?? '');
      const file = left.shift();
      return file === undefined ? undefined : vscode.Uri.file(file);
    },
    showInformationMessage: say,
    showWarningMessage: say,
    showErrorMessage: say,
  });
  try {
    await task();
  } finally {
    Object.assign(window, Object.fromEntries(before));
  }
  return heard;
}

/** A quick pick that is answered as soon as it is shown with its items. */
class AnsweredPick {
  title = '';
  selectedItems: readonly vscode.QuickPickItem[] = [];
  private readonly heard: Heard;
  private readonly next: () => Answer;
  private accept: () => void = () => undefined;
  private hide: () => void = () => undefined;

  constructor(heard: Heard, next: () => Answer) {
    this.heard = heard;
    this.next = next;
  }

  onDidAccept(listener: () => void): void {
    this.accept = listener;
  }

  onDidHide(listener: () => void): void {
    this.hide = listener;
  }

  show(): void {
    this.heard.prompts.push(this.title);
  }

  set items(items: readonly vscode.QuickPickItem[]) {
    this.heard.choices.push(items.map(({ label }) => label));
    const item = pick(items, this.next());
    this.selectedItems = item ? [item] : [];
    if (item) this.accept();
    else this.hide();
  }

  dispose(): void {
    this.hide();
  }
}

function pick(items: readonly vscode.QuickPickItem[], answer: Answer) {
  if (answer === undefined) return undefined;
  const found = items.find((item) => item.label.replace(/^\$\([^)]*\) /, '').startsWith(answer));
  if (found) return found;
  throw new Error(`"${answer}" is not among: ${items.map((item) => item.label).join(', ')}`);
}

/** The box's own value when the answer is empty. */
async function type(
  options: vscode.InputBoxOptions,
  { answer, heard }: { answer: Answer; heard: Heard },
): Promise<string | undefined> {
  if (answer === undefined) return undefined;
  const text = answer === '' ? (options.value ?? '') : answer;
  const said = await options.validateInput?.(text);
  const isHint =
    typeof said === 'object' && said?.severity === vscode.InputBoxValidationSeverity.Info;
  if (!said || isHint) return text;
  heard.objections.push(typeof said === 'string' ? said : said.message);
  return undefined;
}
