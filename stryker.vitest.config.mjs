// The tests that mutants are run against: the quick ones of the engine and of the vocabulary, or those that
// MUTATION_TESTS names (globs with commas between), which is much faster for a few files.
import { defineConfig } from 'vitest/config';

const all = 'test/kinesis/*.test.ts,test/engine/**/*.test.ts,test/crash/log.test.ts';

export default defineConfig({
  test: {
    include: (process.env.MUTATION_TESTS ?? all).split(','),
    env: { SHARDSCOPE_VERSION: '0.0.0', PROPERTY_RUNS: '5' },
  },
});
