// What a window shows of the extension before anybody has used it.
import { expect, test } from 'vitest';
import { openWindow } from './support/openWindow.ts';

test('a window shows the Kinesis icon and asks nothing of the network', async () => {
  const window = await openWindow();
  await window.openContainer('Kinesis');
  await window.screenshot('window');
  await window.close();
  expect(window.complaints.texts).toEqual([]);
});
