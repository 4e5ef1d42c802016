// Runs around every browser test file: a picture of each window when a test failed, and at the end
// no window and no browser stays open. A window that had reason to complain fails the file.
import { afterAll, afterEach } from 'vitest';
import { closeBrowser, openWindows } from './openWindow.ts';

const toFileName = (name: string): string => name.replace(/[^\w]+/g, '-').slice(0, 80);

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const window of openWindows()) await window.screenshot(`failed-${toFileName(task.name)}`);
});

afterAll(closeBrowser);
