// What the build refuses to ship: too much, too little, what is not for users.
import { expect, test } from 'vitest';
import { checkBudgets } from '../../tools/budgets.mjs';
import { checkContents } from '../../tools/package.mjs';

const shipped = [
  'extension.vsixmanifest',
  '[Content_Types].xml',
  'extension/package.json',
  'extension/readme.md',
  'extension/LICENSE.txt',
  'extension/dist/extension.cjs',
  'extension/dist/engine.cjs',
  'extension/dist/control.cjs',
  'extension/dist/certificate.cjs',
  'extension/dist/worker.cjs',
  'extension/dist/webview/panel.js',
  'extension/dist/webview/panel.css',
  'extension/dist/THIRD_PARTY_NOTICES.txt',
  'extension/media/icon.svg',
];

test('checkBudgets() accepts a size of exactly the budget', () => {
  checkBudgets([{ name: 'a.cjs', sizeBytes: 1000, budgetBytes: 1000 }]);
});

test('checkBudgets() names every bundle that is over', () => {
  const sizes = [
    { name: 'a.cjs', sizeBytes: 1001, budgetBytes: 1000 },
    { name: 'b.cjs', sizeBytes: 1, budgetBytes: 1000 },
    { name: 'c.cjs', sizeBytes: 3000, budgetBytes: 2000 },
  ];
  expect(() => checkBudgets(sizes)).toThrow(/^a\.cjs has .*; c\.cjs has 3\.0 KB.* 2\.0 KB$/);
});

test('checkContents() accepts what we ship', () => {
  checkContents(shipped);
});

test.each([
  'extension/dist/extension.cjs.map',
  'extension/src/index.ts',
  'extension/dist/shardscope-0.0.1.vsix',
  'extension/tools/setup.mjs',
  'extension/media/readme/tail.png',
  'extension/media/sample/make.mjs',
])('checkContents() refuses %s', (name) => {
  expect(() => checkContents([...shipped, name])).toThrow(`not to be shipped: ${name}`);
});

test.each(['THIRD_PARTY_NOTICES.txt', 'engine.cjs'])('checkContents() misses %s', (lacking) => {
  const names = shipped.filter((name) => !name.endsWith(lacking));
  expect(() => checkContents(names)).toThrow(`missing in the package: extension/dist/${lacking}`);
});
