// What package.json says, for the tools that need a word of it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/** package.json as it is now. */
export const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** The path of the package that this checkout makes. */
export function packedVsix() {
  return path.join(root, 'dist', `${manifest.name}-${manifest.version}.vsix`);
}
