// The manifest and what the extension registers are one.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { theExtension, windowParts } from './support/window.ts';

interface Contributes {
  commands: { command: string; title: string; category?: string }[];
  menus: Record<string, { command?: string; submenu?: string; when?: string }[]>;
  submenus: { id: string; label: string }[];
  keybindings: { command: string; when?: string }[];
  viewsWelcome: { contents: string }[];
  taskDefinitions: { type: string }[];
}

const contributes = (): Contributes => theExtension().packageJSON.contributes as Contributes;
const commands = (): string[] => contributes().commands.map(({ command }) => command);

describe('the manifest', () => {
  it('contributes exactly the commands that are registered', async () => {
    await windowParts();
    const all = await vscode.commands.getCommands(true);
    const ofViews = /^shardscope\.(connections|tail)\./; // VS Code's own, of every view
    const registered = all.filter((id) => id.startsWith('shardscope.') && !ofViews.test(id));
    assert.deepEqual(registered.sort(), commands().sort());
  });

  it('gives every command the category Kinesis and a title of its own', () => {
    const titles = contributes().commands.map(({ title, category }) => `${category}: ${title}`);
    assert.equal(new Set(titles).size, titles.length);
    assert.ok(titles.every((title) => title.startsWith('Kinesis: ')));
  });

  it('names only its own commands in menus, keys and welcome texts', () => {
    const { menus, keybindings, viewsWelcome } = contributes();
    const linked = viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command!),
    );
    const named = [...Object.values(menus).flat(), ...keybindings].flatMap(
      ({ command }) => command ?? [],
    );
    const known = new Set(commands());
    assert.deepEqual(
      [...named, ...linked].filter((command) => !known.has(command)),
      [],
    );
  });

  it('opens each submenu from a menu, and puts commands into it', () => {
    const { menus, submenus } = contributes();
    const opened = Object.values(menus)
      .flat()
      .flatMap(({ submenu }) => submenu ?? []);
    assert.deepEqual([...new Set(opened)].sort(), submenus.map(({ id }) => id).sort());
    assert.ok(submenus.every(({ id }) => (menus[id]?.length ?? 0) > 1));
  });

  it('binds keys only where they mean something', () => {
    assert.ok(contributes().keybindings.every(({ when }) => when?.includes('shardscope')));
  });

  it('lets an untrusted workspace declare no streams', () => {
    const { capabilities } = theExtension().packageJSON;
    assert.equal(capabilities.untrustedWorkspaces.supported, 'limited');
    assert.deepEqual(capabilities.untrustedWorkspaces.restrictedConfigurations, [
      'shardscope.local.streams',
      'shardscope.tail.awsReadsPerSecond',
    ]);
  });
});
