// The page of a panel lets nothing in but the bundle.
import { expect, test } from 'vitest';
import { panelHtml } from '../../src/extension/panels/panelHtml.ts';
import { failedTick } from '../../src/extension/panels/tickOf.ts';

const page = {
  cspSource: 'https://webview.test',
  scriptUri: 'https://webview.test/panel.js',
  styleUri: 'https://webview.test/panel.css',
  where: 'bottom',
} as const;

test('panelHtml() allows its own script and style only', () => {
  const html = panelHtml(page);
  const policy = /content="([^"]*default-src[^"]*)"/.exec(html)?.[1] ?? '';
  const nonce = /script-src 'nonce-([\w-]{20,})'/.exec(policy)?.[1];
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|https:(?!\/\/webview\.test)|\*/);
  expect(html).toContain(`<script nonce="${nonce}" src="${page.scriptUri}">`);
  expect(html).toContain('<div id="root"></div>');
  expect(html).not.toContain(
    nonce === undefined ? '' : panelHtml(page).match(/nonce-([\w-]+)/)![1]!,
  );
});

test('failedTick() keeps the rows and says the problem', () => {
  const bounds = { rowsMax: 10, bytesMax: 10 };
  const problem = { message: 'Gone.', action: 'startEngine' } as const;
  const start = { type: 'TRIM_HORIZON' } as const;
  const asked = { filter: 'LAX', reached: { one: '7' } };
  const never = failedTick({ last: undefined, ...asked, problem, start, bounds });
  expect(never).toMatchObject({
    state: 'failed',
    problem,
    resume: start,
    view: { first: 0, end: 0 },
  });
  const known = { state: 'paused', pausedSinceMs: 5, isLooking: true } as const;
  const last = { ...never, ...known, view: { first: 3, end: 9 } };
  const failed = failedTick({ last, ...asked, problem, start, bounds });
  expect(failed).toMatchObject({ state: 'failed', view: { first: 3, end: 9 } });
  expect(failed).not.toHaveProperty('pausedSinceMs');
  expect(failed).not.toHaveProperty('isLooking');
});
