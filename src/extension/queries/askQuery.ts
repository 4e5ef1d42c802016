/** Asks which of a stream's saved queries is meant, under which name one is saved, and which one goes. */
import * as vscode from 'vscode';
import { parseQuery } from '../../query/query.ts';
import { UserError } from '../messages.ts';
import { askText, type Choice, choose } from '../prompts/choose.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';
import { nameProblem, type SavedQueries } from './savedQueries.ts';

const title = 'Saved Queries';

export interface QueryWork {
  readonly queries: SavedQueries;
  readonly place: StreamPlace;
  /** What is in the filter box. */
  readonly text: string;
}

/** Saves what is in the box. Rejects with a CancellationError when the user goes away. */
export async function saveQuery({ queries, place, text }: QueryWork): Promise<void> {
  const { saved } = queries.of(place);
  const name = await askText({
    title: 'Save Query',
    prompt: `A name for ${text}`,
    value: saved.find((query) => query.text === text)?.name ?? '',
    check: (typed) => nameProblem(typed) ?? overwriting(saved, typed),
  });
  await queries.save(place, { name, text });
}

function overwriting(
  saved: readonly { readonly name: string }[],
  typed: string,
): vscode.InputBoxValidationMessage | undefined {
  if (!saved.some(({ name }) => name === typed.trim())) return undefined;
  const message = `Replaces the query that has this name.`;
  return { message, severity: vscode.InputBoxValidationSeverity.Warning };
}

type Answer = { readonly use: string } | 'save' | 'rename' | 'delete';

/** The text of the query to use; undefined when one was saved, renamed or deleted instead. */
export async function askQuery(work: QueryWork): Promise<string | undefined> {
  const choices = choicesOf(work);
  if (choices.length === 0) {
    throw new UserError(
      `No query of ${work.place.stream} was used or saved yet. Type one into the filter box of its tail.`,
    );
  }
  const prompt = `Choose a query for ${work.place.stream}`;
  const answer = await choose<Answer | undefined>({ title, prompt }, choices);
  if (typeof answer === 'object') return answer.use;
  if (answer === 'save') await saveQuery(work);
  if (answer === 'rename') await renameQuery(work);
  if (answer === 'delete') await deleteQuery(work);
  return undefined;
}

function choicesOf({ queries, place, text }: QueryWork): Choice<Answer | undefined>[] {
  const { saved, recent } = queries.of(place);
  const separator = (label: string): Choice<undefined>[] => [
    { label, kind: vscode.QuickPickItemKind.Separator, value: undefined },
  ];
  const changes: Choice<Answer>[] = [
    ...(canBeSaved(text) ? [{ label: `$(save) Save ${text}…`, value: 'save' as const }] : []),
    ...(saved.length > 0
      ? [
          { label: '$(edit) Rename a query…', value: 'rename' as const },
          { label: '$(trash) Delete a query…', value: 'delete' as const },
        ]
      : []),
  ];
  return [
    ...saved.map(({ name, text: use }) => ({ label: name, description: use, value: { use } })),
    ...(recent.length > 0 ? separator('last used') : []),
    ...recent.map((use) => ({ label: use, value: { use } })),
    ...(changes.length > 0 ? separator('') : []),
    ...changes,
  ];
}

function canBeSaved(text: string): boolean {
  const { tree, problems } = parseQuery(text);
  return tree !== undefined && problems.length === 0;
}

async function chooseSaved({ queries, place }: QueryWork, prompt: string): Promise<string> {
  const { saved } = queries.of(place);
  const choices = saved.map(({ name, text }) => ({ label: name, description: text, value: name }));
  return choose({ title, prompt }, choices);
}

async function renameQuery(work: QueryWork): Promise<void> {
  const from = await chooseSaved(work, 'Choose the query to rename');
  const { saved } = work.queries.of(work.place);
  const to = await askText({
    title: 'Rename Query',
    prompt: `Another name for ${from}`,
    value: from,
    check: (typed) =>
      nameProblem(typed) ?? (typed.trim() === from ? undefined : overwriting(saved, typed)),
  });
  await work.queries.rename(work.place, { from, to });
}

async function deleteQuery(work: QueryWork): Promise<void> {
  await work.queries.remove(work.place, await chooseSaved(work, 'Choose the query to delete'));
}
