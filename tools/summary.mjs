// How suites report, and what the last line of a test run says. The rule: what reports nothing has
// failed.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/** Failures that the end of a run tells in words; of further ones there is only the number. */
const maxFailuresTold = 20;

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} [skipped]
 * @property {string[]} [failures] What failed, and why, each on a line.
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
 * A failure on one line: its name, and the first line of its reason.
 * @param {string} name
 * @param {string | undefined} reason
 */
export function failureLine(name, reason) {
  const [first] = (reason ?? '').trim().split('\n');
  return first ? `${name}: ${first}` : name;
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
    failures: files.flatMap(vitestFailures),
  };
}

/** Lines of what failed in one file of a vitest JSON report. */
function vitestFailures({ name = '', status, message, assertionResults }) {
  const file = path.relative(root, name);
  const failed = assertionResults.filter((t) => t.status === 'failed');
  if (status === 'failed' && failed.length === 0) return [failureLine(file, message)];
  return failed.map((t) => failureLine(`${file} › ${t.fullName}`, t.failureMessages?.[0]));
}

/**
 * What a suite's process really amounts to: one that reports nothing, or that ends with a failure
 * it does not report, has one failure.
 * @param {Counts | undefined} report
 * @param {number} exitCode
 * @returns {Required<Counts>}
 */
export function settle(report, exitCode) {
  const { passed = 0, failed = 0, skipped = 0, failures = [] } = report ?? {};
  const isSilent = passed + failed === 0 || (exitCode !== 0 && failed === 0);
  const silence = isSilent ? [`exit code ${exitCode}, and no failure is reported`] : [];
  return {
    passed,
    failed: failed + silence.length,
    skipped,
    failures: [...failures, ...silence],
  };
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
  const failures = suites.flatMap(({ name, failures = [] }) =>
    failures.map((line) => `  NOT ${name}: ${line}`),
  );
  const untold = failures.splice(maxFailuresTold).length;
  if (untold > 0) failures.push(`  and ${untold} more`);
  return {
    lines: [...lines, ...failures, `${passed} passed, ${failed} failed`],
    exitCode: failed > 0 || passed === 0 ? 1 : 0,
  };
}
