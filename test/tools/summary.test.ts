// The last line of a test run counts every suite, and silence is a failure.
import { expect, test } from 'vitest';
import { countVitest, settle, summarise } from '../../tools/summary.mjs';

const suite = (name: string, passed: number, failed: number) => ({
  name,
  seconds: 1,
  passed,
  failed,
  skipped: 0,
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
  expect(settle(report, exitCode)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('settle() adds a failure when all passed but the process failed', () => {
  expect(settle({ passed: 3, failed: 0 }, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 });
});

test('settle() leaves reported failures as they are', () => {
  expect(settle({ passed: 3, failed: 2 }, 1)).toEqual({ passed: 3, failed: 2, skipped: 0 });
});

test('countVitest() counts a file that could not be loaded', () => {
  const report = {
    numPassedTests: 4,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 0,
    testResults: [
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ],
  };
  expect(countVitest(report)).toEqual({ passed: 4, failed: 2, skipped: 2 });
});
