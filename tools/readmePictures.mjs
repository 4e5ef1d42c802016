// Copies the README's pictures from the last run of test/ui/pictures.test.ts to media/readme.
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { outDir, root } from './paths.mjs';

const PICTURES = { tail: 'split-dark', welcome: 'welcome', paused: 'paused', bottom: 'bottom' };
const BYTES_MAX = 150_000;

const folder = path.join(root, 'media', 'readme');
mkdirSync(folder, { recursive: true });
for (const [name, shot] of Object.entries(PICTURES)) {
  const source = path.join(outDir, 'shots', `${shot}.png`);
  const { size } = statSync(source);
  if (size > BYTES_MAX) throw new Error(`${source} has ${size} bytes, at most ${BYTES_MAX}`);
  copyFileSync(source, path.join(folder, `${name}.png`));
}
