// Where things are: the checkout, the VS Code server's tree and the Node that everything runs on.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** `host` is the current VS Code, `host-floor` the oldest one that package.json's engines allow. */
export const hostTree = process.env.SHARDSCOPE_HOST_TREE === 'host-floor' ? 'host-floor' : 'host';

/** The package that brings the VS Code server and its Node. */
export const hostDir = path.join(root, 'tools', hostTree);

/** The package that brings other Kinesis servers for the bench to measure. */
export const peersDir = path.join(root, 'tools', 'peers');

/** The packages of the clients that test/interop drives: npm's, pip's and Maven's. */
export const interopDir = path.join(root, 'tools', 'interop');

/** As in the names of npm packages with a binary: `linux-x64`. */
export const platform = `${process.platform}-${process.arch}`;

const nodeBinary = process.platform === 'win32' ? ['node.exe'] : ['bin', 'node'];

/** The Node of the VS Code server. Every step but set-up runs on it, by this path. */
export const node24 = path.join(hostDir, 'node_modules', `node-${platform}`, ...nodeBinary);

/** The VS Code server inside code-server. */
export const vscodeDir = path.join(hostDir, 'node_modules', 'code-server', 'lib', 'vscode');

/** Everything a run leaves behind that is not shipped: reports, screenshots, bundles of tests. */
export const outDir = path.join(root, 'out');

/**
 * True for the module that Node was started with.
 * @param {string} moduleUrl the caller's import.meta.url
 */
export function isMain(moduleUrl) {
  const script = process.argv[1];
  return script !== undefined && path.resolve(script) === fileURLToPath(moduleUrl);
}
