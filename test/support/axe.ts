// What the axe accessibility checker finds wrong in a document, in words.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, Page } from 'playwright-core';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);
/** A webview has the workbench's headings and landmarks around it. */
const axeRun = (
  left: string,
): string => `axe.run({ exclude: [${JSON.stringify(left)}] }, { rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false } } })
  .then(({ violations }) => violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => [id, help, target.join(' '), failureSummary].join('\\n'))))`;

/** What `left` selects is not looked at: rows are a thousand elements, and other pictures have the same ones. */
export async function barriersIn(document: Page | Frame, left = '.none'): Promise<string[]> {
  await document.evaluate(axeSource);
  return await document.evaluate(axeRun(left));
}
