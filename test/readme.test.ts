// README.md against what it speaks of: commands, settings, options, exit codes, keys and pictures.
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { faultEffects } from '../src/admin/faults.ts';
import { controlNames } from '../src/cli/controlOrder.ts';
import { exitCodes } from '../src/cli/exitCodes.ts';
import { help } from '../src/cli/help.ts';
import { parseCommand } from '../src/cli/options.ts';
import { headBytesMax } from '../src/decode/text.ts';
import { members } from '../src/export/record.ts';
import { fieldColumnsMax } from '../src/protocol/columns.ts';
import { orderKeysMax } from '../src/tail/orderCheck.ts';

const root = path.join(import.meta.dirname, '..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
const { contributes } = manifest;

/** The cells of the table under the heading row that begins with this cell. */
function table(firstHeading: string): string[][] {
  const lines = readme.split('\n');
  const head = lines.findIndex((line) => line.startsWith(`| ${firstHeading} |`));
  expect(head, `a table of ${firstHeading}`).toBeGreaterThan(0);
  const rows = lines.slice(head + 2);
  return rows.slice(0, rows.indexOf('')).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const codes = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);

const titles = new Map(
  contributes.commands.map(({ command, category, title }) => [`${category}: ${title}`, command]),
);
const properties = Object.assign(
  {},
  ...contributes.configuration.map((section) => section.properties),
) as Record<string, { default: unknown; enum?: string[] }>;

test('every command that README names is in the palette', () => {
  const named = [...readme.matchAll(/\*\*(Kinesis: [^*]+)\*\*/g)].map(([, title]) => title!);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((title) => !titles.has(title))).toEqual([]);
});

test('the table of columns is what an exported file has', () => {
  expect(table('column').flatMap(([names]) => codes(names!))).toEqual([...members]);
});

test('the table of settings is all settings with their defaults and choices', () => {
  const rows = table('setting');
  expect(rows.map(([name]) => name)).toEqual(Object.keys(properties).map((name) => `\`${name}\``));
  for (const [name, shown, words] of rows) {
    const setting = properties[codes(name!)[0]!]!;
    const { default: value } = setting;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    expect(codes(shown!)[0] ?? '', name).toBe(text);
    for (const choice of setting.enum ?? []) expect(codes(words!), name).toContain(choice);
  }
});

test('the tables of options and exit codes are what the command says', () => {
  const options = (text: string): string[] =>
    [...new Set([...text.matchAll(/--[a-z][a-z-]+/g)].map(([option]) => option))].sort();
  const shown = table('option')
    .map(([option]) => option)
    .join();
  expect(options(shown)).toEqual(options(help.slice(help.indexOf('--port'))));
  const numbers = table('exit code').map(([code]) => Number(code));
  expect(numbers).toEqual(Object.values(exitCodes).sort((a, b) => a - b));
});

test('the table of controls is what the command says and takes', () => {
  const shown = table('control').map(([control]) => codes(control!)[0]!);
  const told = [...help.matchAll(/^ {2}(shardscope .*?)(?: {2,}.*)?$/gm)].map(([, form]) => form!);
  expect(shown).toEqual(told.filter((form) => !form.startsWith('shardscope serve')));
  expect(shown.map((form) => form.split(' ')[1])).toEqual(
    expect.arrayContaining([...controlNames]),
  );
  const effects = readme.slice(readme.indexOf('An effect is'));
  expect(codes(effects.slice(0, effects.indexOf(';'))).filter((it) => !it.endsWith('='))).toEqual([
    ...faultEffects,
  ]);
});

test('the commands that README shows are ones that the command line takes', () => {
  const lines = [...readme.matchAll(/shardscope ((?:clock|faults|snapshot) [^&#\n`]+)/g)];
  const parsed = lines.map(([, words]) => parseCommand(words!.trim().split(/\s+/)).type);
  expect(lines.length).toBeGreaterThan(4);
  expect(new Set(parsed)).toEqual(new Set(['control']));
});

test('the table of keys holds every key binding with its command', () => {
  const rows = table('key');
  for (const { command, key } of contributes.keybindings) {
    const row = rows.find(([cell]) => codes(cell!)[0]?.toLowerCase() === key.replace(/ /g, ''));
    const title = [...titles].find(([, id]) => id === command)?.[0];
    expect(row?.[2], key).toContain(`**${title}**`);
  }
  const named = rows.filter(([, , what]) => what!.includes('**Kinesis: '));
  // Some are bound for each place where a panel may be.
  const bound = new Set(contributes.keybindings.map(({ command }) => command));
  expect(named).toHaveLength(bound.size);
});

test('the task that README shows is the one the extension knows', () => {
  const [, text] = /```jsonc\n\/\/[^\n]*\n([\s\S]*?)```/.exec(readme) ?? [];
  const [task] = (JSON.parse(text!) as { tasks: Record<string, unknown>[] }).tasks;
  const [definition] = contributes.taskDefinitions;
  expect(task).toMatchObject({ type: definition!.type, isBackground: true });
  expect(Object.keys(definition!.properties)).toContain('streams');
  expect(task?.problemMatcher).toBe(`$${contributes.problemMatchers[0]!.name}`);
});

test('what README says of columns is what the code holds', () => {
  const said = /\*\*Columns\*\*[\s\S]*?\n\n/.exec(readme)![0].replace(/\s+/g, ' ');
  expect(said).toContain(`up to ${fieldColumnsMax} JSON fields`);
  expect(said).toContain(`up to ${orderKeysMax.toLocaleString('en-US')} keys`);
  expect(said).toContain(`first ${headBytesMax / 1024} KiB`);
});

test('every picture and page that README links to is there, and no picture is large', () => {
  const targets = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target!);
  expect(targets.filter((target) => !existsSync(path.join(root, target)))).toEqual([]);
  const pictures = targets.filter((target) => target.endsWith('.png'));
  expect(pictures.length).toBeGreaterThan(2);
  for (const picture of pictures) {
    expect(statSync(path.join(root, picture)).size, picture).toBeLessThan(150_000);
  }
});

test('the two commands of README are scripts that need nothing to be installed', () => {
  expect(manifest.scripts.start).toMatch(/^node /);
  expect(manifest.scripts.test).toMatch(/^node /);
  expect(manifest.engines.node).toBe('>=20');
});
