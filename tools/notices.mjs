// Writes the notices of the packages that are really in the bundles, with their licence texts.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\b|[-_.])/i;
const RULE = '-'.repeat(80);

/** The folder of the package that a bundled file belongs to; undefined for our own files. */
function packageDirOf(input) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return match?.[1];
}

/** Files that contributed bytes; what tree shaking dropped is not shipped. */
function bundledInputs(metafile) {
  return Object.values(metafile.outputs).flatMap((output) =>
    Object.entries(output.inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([input]) => input),
  );
}

function licenceTexts(dir) {
  const files = readdirSync(dir).filter((name) => LICENCE_FILE.test(name));
  return files.sort().map((name) => readFileSync(path.join(dir, name), 'utf8').trim());
}

function noticeOf(dir) {
  const manifest = JSON.parse(readFileSync(path.join(dir, 'package.json'), 'utf8'));
  const { name, version, license, author } = manifest;
  if (!license) throw new Error(`${name} is bundled, but its package.json names no licence`);
  const texts = licenceTexts(dir);
  const fallback = `Licensed under ${license}, by ${author?.name ?? author ?? name}.`;
  return {
    title: `${name} ${version} (${license})`,
    text: texts.length > 0 ? texts.join('\n\n') : fallback,
  };
}

/** Packages of one author carry the same text; it is printed once, under all their names. */
function byText(notices) {
  const titles = new Map();
  for (const { title, text } of notices) {
    titles.set(text, [...(titles.get(text) ?? []), title]);
  }
  return [...titles];
}

/**
 * The text of THIRD_PARTY_NOTICES.txt for these bundles.
 * @param {string} root the folder that the metafiles' paths start from
 * @param {import('esbuild').Metafile[]} metafiles
 */
export function thirdPartyNotices(root, metafiles) {
  const dirs = metafiles.flatMap(bundledInputs).map(packageDirOf);
  const unique = [...new Set(dirs.filter((dir) => dir !== undefined))].sort();
  const notices = unique.map((dir) => noticeOf(path.join(root, dir)));
  const intro = `Shardscope contains code of the following ${notices.length} packages.\n`;
  const sections = byText(notices).map(
    ([text, titles]) => `${RULE}\n${titles.join('\n')}\n\n${text}\n`,
  );
  return [intro, ...sections].join('\n');
}
