// The rules of ARCHITECTURE.md and CONTRIBUTING.md as tests; each is shown to fail on a planted breach.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { layers } from './support/tidy/layers.ts';
import {
  bannedCalls,
  forbiddenImports,
  missingOpening,
  oversized,
  oversizedFile,
} from './support/tidy/rules.ts';
import { projectFiles, root, type SourceFile, sourceFiles } from './support/tidy/sources.ts';

const product = sourceFiles('src', 'webview').filter((file) => !file.path.endsWith('.d.ts'));
const everything = [...product, ...sourceFiles('test')];
const tracked = projectFiles();

const planted = (file: string, text: string): SourceFile => ({ path: file, text });

describe('layers', () => {
  test('every import is allowed by the table', () => {
    expect(product.length).toBeGreaterThan(50);
    expect(product.flatMap(forbiddenImports)).toEqual([]);
  });

  test.each([
    ['src/engine/engine.ts', "import { startServer } from '../server/server.ts';"],
    ['src/engine/log/log.ts', "import { readFile } from 'node:fs/promises';"],
    ['src/tail/tail.ts', "import * as vscode from 'vscode';"],
    ['src/extension/a.ts', "import { Engine } from '../engine/engine.ts';"],
    ['src/extension/a.ts', "const sdk = await import('@aws-sdk/client-kinesis');"],
    ['src/extension/a.ts', "const sdk = require('@aws-sdk/client-kinesis');"],
    ['src/protocol/a.ts', "import { hashKeyOf } from '../kinesis/hashKey.ts';"],
    ['src/base/a.ts', "export { KinesisError } from '../kinesis/errors.ts';"],
    ['webview/a.tsx', "import { TailSession } from '../src/tail/tailSession.ts';"],
    ['src/elsewhere/a.ts', "import 'node:fs';\nimport 'vscode';"],
  ])('a breach in %s is found: %s', (file, text) => {
    expect(forbiddenImports(planted(file, text))).not.toEqual([]);
  });

  test('ARCHITECTURE.md names every layer', () => {
    const page = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8');
    expect(Object.keys(layers).filter((layer) => !page.includes(`\`${layer}\``))).toEqual([]);
    expect(page.split('\n').length).toBeLessThanOrEqual(150);
  });
});

describe('sizes', () => {
  test('files, functions and parameter lists keep their limits', () => {
    expect(product.flatMap(oversized)).toEqual([]);
    expect(everything.flatMap(oversizedFile)).toEqual([]);
  });

  test('an oversized file, function and parameter list are found', () => {
    const long = `// Long.\nfunction f() {\n${'  g();\n'.repeat(71)}}\n`;
    expect(oversized(planted('src/base/a.ts', long))).toHaveLength(1);
    expect(oversized(planted('src/base/a.ts', '// x\n'.repeat(501)))).toHaveLength(1);
    const many = 'const f = (a: 1, b: 2, c: 3, d: 4) => a + b + c + d;';
    expect(oversized(planted('src/base/a.ts', many))).toHaveLength(1);
  });
});

describe('calls', () => {
  test('no folder makes a call that is banned in it', () => {
    const self = ['test/support/tidy/rules.ts', 'test/tidy.test.ts'];
    expect(everything.filter((file) => !self.includes(file.path)).flatMap(bannedCalls)).toEqual([]);
  });

  test.each([
    ['src/engine/engine.ts', 'const t = Date.now();'],
    ['src/tail/tail.ts', 'setTimeout(() => poll(), 100);'],
    ['webview/a.tsx', 'element.innerHTML = record;'],
    ['src/server/a.ts', 'console.log(body);'],
    ['test/a.test.ts', 'test.skip("later", () => {});'],
    ['src/client/a.ts', 'const x = y as any;'],
  ])('a breach in %s is found: %s', (file, text) => {
    expect(bannedCalls(planted(file, text))).toHaveLength(1);
  });

  test('the log does not know Kinesis', () => {
    const words = /\b(stream|shard|kinesis)s?\b/i;
    const knowing = product.filter(
      (file) => file.path.startsWith('src/engine/log/') && words.test(file.text),
    );
    expect(knowing.map((file) => file.path)).toEqual([]);
  });
});

describe('files', () => {
  test('every source file opens with what it is for', () => {
    expect(product.flatMap(missingOpening)).toEqual([]);
    expect(missingOpening(planted('src/base/a.ts', 'export const a = 1;'))).toHaveLength(1);
  });

  test('lock files name no registry', () => {
    const locks = tracked.filter((file) => file.endsWith('package-lock.json'));
    expect(locks.length).toBeGreaterThan(1);
    const naming = locks.filter((file) =>
      /"resolved"|https?:\/\/registry/.test(readFileSync(path.join(root, file), 'utf8')),
    );
    expect(naming).toEqual([]);
  });

  test('no file names the folder it happens to lie in', () => {
    const home = new RegExp(`${path.dirname(root).replaceAll('/', '\\/')}\\/`);
    const text = tracked.filter((file) =>
      /\.(ts|tsx|mjs|cjs|json|md|css|html|svg|ndjson)$/.test(file),
    );
    expect(text.filter((file) => home.test(readFileSync(path.join(root, file), 'utf8')))).toEqual(
      [],
    );
  });
});

describe('manifest', () => {
  const commands = manifest.contributes.commands.map((entry) => entry.command);

  test('every command has its file in src/extension/commands, and every file its command', () => {
    const files = product
      .filter((file) => /^src\/extension\/commands\/[a-z]\w*\.ts$/.test(file.path))
      .filter((file) => /registerCommand|shardscope\./.test(file.text));
    const registered = new Set(
      files.flatMap((file) =>
        [...file.text.matchAll(/'(shardscope\.\w+)'/g)].map((match) => match[1]),
      ),
    );
    expect(commands.filter((command) => !registered.has(command))).toEqual([]);
  });

  test('every setting is read by the code, and every setting read is declared', () => {
    const declared = Object.keys(settingsOf(manifest.contributes.configuration));
    const text = product
      .filter((file) => file.path.startsWith('src/extension/'))
      .map((file) => file.text)
      .join('\n');
    const unread = declared.filter(
      (name) => !text.includes(`'${name.replace('shardscope.', '')}'`),
    );
    expect(unread).toEqual([]);
  });

  test('what names a folder or an endpoint has machine scope', () => {
    const settings = settingsOf(manifest.contributes.configuration);
    const naming = Object.keys(settings).filter((name) =>
      /folder$|endpoint|connections$|port$/i.test(name),
    );
    expect(naming.length).toBeGreaterThan(2);
    expect(naming.filter((name) => !/^machine/.test(settings[name]?.scope ?? ''))).toEqual([]);
  });

  test('the versions of VS Code that are declared and typed are one', () => {
    expect(manifest.engines.vscode).toBe(`^${manifest.devDependencies['@types/vscode']}`);
  });
});

type Settings = Record<string, { scope?: string }>;

function settingsOf(configuration: unknown): Settings {
  const sections = (Array.isArray(configuration) ? configuration : [configuration]) as {
    properties: Settings;
  }[];
  return Object.assign({}, ...sections.map((section) => section.properties)) as Settings;
}
