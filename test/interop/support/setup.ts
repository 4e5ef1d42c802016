// Installs what the clients are made of, each language apart, so that one that cannot be had is a
// row of the table and not the end of the run. A second run does nothing.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { interopDir, outDir } from '../../../tools/paths.mjs';
import { ensurePlainTree } from '../../../tools/setup.mjs';
import { runToEnd } from './processes.ts';

export type Need = 'nothing' | 'npm' | 'python' | 'java';

const installMs = 900_000;
const isWindows = process.platform === 'win32';

/** What the run installs and builds but npm's tree, and keeps for the next run. */
const installed = path.join(outDir, 'interop');
const venv = path.join(installed, 'venv');
const jars = path.join(installed, 'lib');
const classes = path.join(installed, 'classes');
/** Where the KPL lays its native core, of 90 MB, for the next run too; it can have no space in its path. */
export const kplFolder = path.join(installed, 'kpl');
const javaSources = path.resolve(import.meta.dirname, '../java');

const bin = (name: string): string =>
  isWindows ? path.join(venv, 'Scripts', `${name}.exe`) : path.join(venv, 'bin', name);

/** The Python that has the clients, and the commands that came with them. */
export const python = bin('python');
export const awsCli = bin('aws');
export const motoServer = bin('moto_server');

/** For `java -cp`. */
export const classPath = [classes, path.join(jars, '*')].join(path.delimiter);

/** Runs `make` unless the folder's stamp says that it was made from these files. */
async function ensureMade(
  dir: string,
  { from, make }: { from: readonly string[]; make(): Promise<void> },
): Promise<void> {
  const stampFile = `${dir}.stamp`;
  const hash = createHash('sha256');
  for (const file of from) hash.update(readFileSync(file)).update('\0');
  const stamp = hash.digest('hex');
  const found = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (found === stamp && existsSync(dir)) return;
  rmSync(stampFile, { force: true });
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  console.error(`interop: making ${path.basename(dir)} …`);
  await make();
  writeFileSync(stampFile, stamp);
}

async function setUpPython(): Promise<void> {
  const requirements = path.join(interopDir, 'requirements.txt');
  await ensureMade(venv, {
    from: [requirements],
    async make() {
      await runToEnd({ argv: [isWindows ? 'python' : 'python3', '-m', 'venv', venv] }, installMs);
      const options = ['--require-hashes', '--only-binary=:all:', '--no-input', '--quiet'];
      await runToEnd(
        { argv: [python, '-m', 'pip', 'install', ...options, '-r', requirements] },
        installMs,
      );
    },
  });
}

async function setUpJava(): Promise<void> {
  const pom = path.join(interopDir, 'pom.xml');
  await ensureMade(jars, {
    from: [pom],
    async make() {
      const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${jars}`];
      const mvn = isWindows ? 'mvn.cmd' : 'mvn';
      await runToEnd({ argv: [mvn, '-B', '-q', '-f', pom, ...goal] }, installMs);
    },
  });
  mkdirSync(kplFolder, { recursive: true });
  const sources = readdirSync(javaSources).map((name) => path.join(javaSources, name));
  await ensureMade(classes, {
    from: [pom, ...sources],
    async make() {
      const options = ['-encoding', 'UTF-8', '-proc:none'];
      const places = ['-cp', path.join(jars, '*'), '-d', classes];
      await runToEnd({ argv: ['javac', ...options, ...places, ...sources] }, installMs);
    },
  });
}

async function setUpNpm(): Promise<void> {
  ensurePlainTree({ dir: interopDir, why: 'clients that npm test:interop drives' });
}

const setUps: Record<Need, () => Promise<void>> = {
  nothing: async () => {},
  npm: setUpNpm,
  python: setUpPython,
  java: setUpJava,
};

/** Resolves to why it cannot be used, or to nothing when it can. Runs once for each. */
export async function setUp(need: Need): Promise<string | undefined> {
  try {
    await setUps[need]();
    return undefined;
  } catch (error) {
    return `${need} could not be set up: ${error instanceof Error ? error.message : String(error)}`;
  }
}
