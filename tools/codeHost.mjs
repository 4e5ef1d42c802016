#!/usr/bin/env node
// A stand-in for the `code` executable: takes the arguments that @vscode/test-electron gives a
// desktop VS Code, opens the same window in the VS Code server and a headless Chromium, and ends
// with the extension host's own exit code. So `vscodeExecutablePath` can point here.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { chromiumOptions } from './chromium.mjs';
import { startServer, windowUrl } from './vscodeServer.mjs';

const EXIT = { USAGE: 64, NO_INPUT: 66, HOST_DIED: 70, TOO_LATE: 75, INTERRUPTED: 130 };
const LIMIT_MS = Number(process.env.SHARDSCOPE_HOST_LIMIT_MS ?? 600_000); // only what hangs is to be ended
const isVerbose = process.env.SHARDSCOPE_HOST_VERBOSE === '1';

/** What an extension host without its native modules prints on every start. */
const NOISE =
  /\[Service Worker\] registration|authentication provider 'github'|Could not locate the bindings file|native-watchdog/;

const isFolder = (file) => existsSync(file) && statSync(file).isDirectory();

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    strict: false, // most of a desktop's arguments mean nothing here
    options: {
      extensionTestsPath: { type: 'string' },
      extensionDevelopmentPath: { type: 'string', multiple: true },
    },
  });
  const tests = String(values.extensionTestsPath ?? '');
  const extension = [values.extensionDevelopmentPath ?? []].flat().map(String)[0];
  if (!tests || !extension) {
    console.error(
      'usage: codeHost [FOLDER] --extensionDevelopmentPath=DIR --extensionTestsPath=FILE',
    );
    process.exit(EXIT.USAGE);
  }
  if (!existsSync(tests)) {
    console.error(`no such test entry: ${tests}`);
    process.exit(EXIT.NO_INPUT);
  }
  return { tests: path.resolve(tests), extension, folder: positionals.find(isFolder) };
}

/**
 * Wraps the suite in an entry that leaves a file when it has finished: a killed extension host
 * reports exit code 0 as well.
 */
function writeEntry(dir, tests) {
  const entry = path.join(dir, 'entry.cjs');
  const finished = path.join(dir, 'finished');
  writeFileSync(
    entry,
    `'use strict';
const { writeFileSync } = require('node:fs');
exports.run = async () => {
  try {
    await require(${JSON.stringify(tests)}).run();
    writeFileSync(${JSON.stringify(finished)}, '0');
  } catch (error) {
    writeFileSync(${JSON.stringify(finished)}, '1');
    throw error;
  }
};
`,
  );
  return { entry, finished };
}

function exitCodeOf(hostCode, finished) {
  if (!existsSync(finished)) {
    console.error(`the extension host ended (${hostCode}) before the suite did`);
    return hostCode || EXIT.HOST_DIED;
  }
  return hostCode || Number(readFileSync(finished, 'utf8'));
}

function printLog(type, args) {
  if (isVerbose) console.log(type, ...args);
  else if (type === 'error' && !NOISE.test(String(args[0]))) console.error(...args);
}

/** Opens the window; calls `end` with the exit code when the suite has ended or cannot. */
async function runWindow(browser, { url, finished, end }) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('pageerror', (error) => console.error('page error:', error.message));
  page.on('crash', () => end(EXIT.HOST_DIED));
  await page.exposeFunction('codeAutomationExit', (code) => end(exitCodeOf(code, finished)));
  await page.exposeFunction('codeAutomationLog', printLog);
  setTimeout(() => {
    console.error(`no result within ${LIMIT_MS} ms`);
    end(EXIT.TOO_LATE);
  }, LIMIT_MS).unref();
  await page.goto(url);
}

async function main() {
  const { tests, extension, folder } = readArguments();
  const server = await startServer({ hasDriver: true });
  const { entry, finished } = writeEntry(server.dir, tests);
  const browser = await chromium.launch(chromiumOptions());
  const code = await new Promise((resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => resolve(EXIT.INTERRUPTED));
    const url = windowUrl(server.origin, {
      folder,
      extensionDevelopmentPath: extension,
      extensionTestsPath: entry,
    });
    runWindow(browser, { url, finished, end: resolve }).catch(reject);
  });
  await browser.close().catch(() => {});
  await server.stop();
  process.exit(code);
}

await main();
