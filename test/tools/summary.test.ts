// The last line of a test run counts every suite, and silence is a failure.
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../tools/paths.mjs';
import { countVitest, failureLine, settle, summarise } from '../../tools/summary.mjs';

const suite = (name: string, passed: number, failed: number) => ({
  name,
  seconds: 1,
  passed,
  failed,
  skipped: 0,
  failures: Array.from({ length: failed }, (_, index) => `a.test.ts › ${index}: no`),
});

test('summarise() ends with the sum over all suites', () => {
  const { lines, exitCode } = summarise([suite('unit', 5, 0), suite('ui', 2, 0)]);
  expect(lines.at(-1)).toBe('7 passed, 0 failed');
  expect(exitCode).toBe(0);
});

test('summarise() fails when one test failed', () => {
  const { lines, exitCode } = summarise([suite('unit', 5, 1), suite('ui', 2, 0)]);
  expect(lines.at(-1)).toBe('7 passed, 1 failed');
  expect(exitCode).toBe(1);
});

test('summarise() fails when nothing was run', () => {
  expect(summarise([]).exitCode).toBe(1);
});

test.each([
  ['no report', undefined, 0],
  ['no report and an exit code', undefined, 3],
  ['a report without tests', { passed: 0, failed: 0 }, 0],
])('settle() counts a suite with %s as one failure', (_what, report, exitCode) => {
  const failures = [`exit code ${exitCode}, and no failure is reported`];
  expect(settle(report, exitCode)).toEqual({ passed: 0, failed: 1, skipped: 0, failures });
});

test('settle() adds a failure when all passed but the process failed', () => {
  const failures = ['exit code 1, and no failure is reported'];
  expect(settle({ passed: 3, failed: 0 }, 1)).toEqual({
    passed: 3,
    failed: 1,
    skipped: 0,
    failures,
  });
});

test('settle() leaves reported failures as they are', () => {
  const report = { passed: 3, failed: 2, failures: ['one', 'two'] };
  expect(settle(report, 1)).toEqual({ ...report, skipped: 0 });
});

test('summarise() names what failed, up to 20, before the last line', () => {
  const { lines } = summarise([suite('unit', 5, 1), suite('ui', 2, 24)]);
  expect(lines).toContain('  NOT unit: a.test.ts › 0: no');
  expect(lines.filter((line) => line.startsWith('  NOT '))).toHaveLength(20);
  expect(lines.slice(-2)).toEqual(['  and 5 more', '7 passed, 25 failed']);
});

test('failureLine() is one line', () => {
  expect(failureLine('puts', 'Error: no\n  at put')).toBe('puts: Error: no');
  expect(failureLine('puts', undefined)).toBe('puts');
});

test('countVitest() counts and names tests that failed, and a file that could not be loaded', () => {
  const report = {
    numPassedTests: 4,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 0,
    testResults: [
      {
        name: path.join(root, 'test/a.test.ts'),
        status: 'failed',
        assertionResults: [
          { status: 'failed', fullName: 'one plus one', failureMessages: ['expected 3\n  at a'] },
          { status: 'passed', fullName: 'two' },
        ],
      },
      {
        name: path.join(root, 'test/b.test.ts'),
        status: 'failed',
        message: 'no such module',
        assertionResults: [],
      },
      { name: path.join(root, 'test/c.test.ts'), status: 'passed', assertionResults: [] },
    ],
  };
  expect(countVitest(report)).toEqual({
    passed: 4,
    failed: 2,
    skipped: 2,
    failures: ['test/a.test.ts › one plus one: expected 3', 'test/b.test.ts: no such module'],
  });
});
