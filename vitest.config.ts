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
          // For a machine that does other things: no test measures time.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          expect: { poll: { timeout: 15_000 } },
        },
      },
      {
        test: {
          name: 'process',
          env,
          include: ['test/process/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
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
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
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
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
