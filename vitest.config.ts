// The test projects: `unit` needs nothing but this checkout, `process` the built engine, `ui`,
// `bench` and `start` the packed extension and Chromium. tools/test.mjs prepares each and runs them in turn.
import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };

const env = { SHARDSCOPE_VERSION: manifest.version };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          env,
          setupFiles: ['test/support/sameRuns.ts'],
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/{bench,host,process,start,ui}/**'],
          // What a worker has loaded serves all its files: loading takes longer than most tests.
          isolate: false,
          // Only what hangs is to be ended: no test measures time, and machines do other things.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 120_000 } },
        },
      },
      {
        test: {
          name: 'process',
          env,
          include: ['test/process/**/*.test.ts'],
          // Only what hangs is to be ended: alone most take seconds, beside other work some take minutes.
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'ui',
          env,
          include: ['test/ui/**/*.test.ts'],
          globalSetup: ['test/ui/support/globalSetup.ts'],
          setupFiles: ['test/ui/support/closeWindows.ts'],
          // Only what hangs is to be ended: on a quarter of a processor one of them takes six minutes.
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers: 2, // they wait most of the time; each has a server of its own
        },
      },
      {
        test: {
          name: 'bench',
          env,
          include: ['test/bench/**/*.test.ts'],
          globalSetup: ['test/ui/support/globalSetup.ts', 'test/bench/panel/writeSection.ts'],
          setupFiles: ['test/ui/support/closeWindows.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false, // one would disturb what another measures
        },
      },
      {
        test: {
          name: 'start',
          env,
          include: ['test/start/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
