// How suites report, and what the last line of a test run says. The rule: what reports nothing has
// failed.
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} [skipped]
 *
 * @typedef {Counts & { name: string, seconds: number }} SuiteResult
 */

/**
 * Leaves a suite's counts where the runner asked for them, in SHARDSCOPE_REPORT.
 * @param {Counts} counts
 */
export function writeReport(counts) {
  const file = process.env.SHARDSCOPE_REPORT;
  if (file) writeFileSync(file, JSON.stringify(counts));
}

/** The report in `file`; undefined when there is none that can be read. */
export function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Counts of a vitest JSON report. A file that could not be loaded has no tests and counts as one
 * failure.
 * @returns {Counts}
 */
export function countVitest(report) {
  const files = report.testResults ?? [];
  const broken = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((t) => t.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

/**
 * What a suite's process really amounts to: one that reports nothing, or that ends with a failure
 * it does not report, has one failure.
 * @param {Counts | undefined} report
 * @param {number} exitCode
 * @returns {Required<Counts>}
 */
export function settle(report, exitCode) {
  const { passed = 0, failed = 0, skipped = 0 } = report ?? {};
  const isSilent = passed + failed === 0 || (exitCode !== 0 && failed === 0);
  return { passed, failed: failed + (isSilent ? 1 : 0), skipped };
}

/**
 * The lines to end a run with, and its exit code.
 * @param {SuiteResult[]} suites
 */
export function summarise(suites) {
  const sum = (key) => suites.reduce((total, suite) => total + suite[key], 0);
  const passed = sum('passed');
  const failed = sum('failed');
  const lines = suites.map((suite) => {
    const skipped = suite.skipped ? `, ${suite.skipped} skipped` : '';
    const counts = `${suite.passed} passed, ${suite.failed} failed${skipped}`;
    return `  ${suite.name.padEnd(10)} ${counts} (${suite.seconds.toFixed(1)} s)`;
  });
  return {
    lines: [...lines, `${passed} passed, ${failed} failed`],
    exitCode: failed > 0 || passed === 0 ? 1 : 0,
  };
}
