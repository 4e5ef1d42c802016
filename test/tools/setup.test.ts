// Set-up's promise: a tree is made once from its lock, and again when a run was cut off.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ensureTree, isInstalled } from '../../tools/setup.mjs';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'shardscope-setup-'));
  mkdirSync(path.join(dir, 'node_modules'));
  writeLock('1.0.0');
});

afterEach(() => rmSync(dir, { recursive: true }));

function writeLock(version: string): void {
  const packages = { '': {}, 'node_modules/a': { version, integrity: `of-${version}` } };
  writeFileSync(path.join(dir, 'package-lock.json'), JSON.stringify({ packages }));
}

test('ensureTree() installs once for one lock', () => {
  const install = vi.fn();
  expect(ensureTree({ dir, install })).toBe(true);
  expect(ensureTree({ dir, install })).toBe(false);
  expect(install).toHaveBeenCalledTimes(1);
});

test('ensureTree() installs again when the lock has changed', () => {
  const install = vi.fn();
  ensureTree({ dir, install });
  writeLock('2.0.0');
  expect(ensureTree({ dir, install })).toBe(true);
});

test('ensureTree() installs again when the last run failed', () => {
  const fail = (): void => {
    throw new Error('cut off');
  };
  ensureTree({ dir, install: () => {} });
  expect(() => ensureTree({ dir, force: true, install: fail })).toThrow('cut off');
  expect(ensureTree({ dir, install: () => {} })).toBe(true);
});

test('isInstalled() believes a tree only when every package of the lock is there', () => {
  const made = path.join(dir, 'node_modules', '.package-lock.json');
  const packages = { 'node_modules/a': { version: '1.0.0', integrity: 'of-1.0.0' } };
  expect(isInstalled(dir)).toBe(false);
  writeFileSync(made, JSON.stringify({ packages }));
  expect(isInstalled(dir)).toBe(false);
  mkdirSync(path.join(dir, 'node_modules', 'a'));
  expect(isInstalled(dir)).toBe(true);
  writeLock('2.0.0');
  expect(isInstalled(dir)).toBe(false);
});
