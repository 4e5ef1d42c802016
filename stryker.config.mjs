// Mutation testing: `npm run test:mutation -- --mutate 'src/kinesis/hashKey.ts'`. Without arguments all of
// the code that must not be wrong: log, routing, resharding, tokens, numbers, admission. It takes hours.
const engine = (...names) => names.map((name) => `src/engine/${name}.ts`);
const kinesis = (...names) => names.map((name) => `src/kinesis/${name}.ts`);

export default {
  testRunner: 'vitest',
  vitest: { configFile: 'stryker.vitest.config.mjs', related: true },
  mutate: [
    ...kinesis('hashKey', 'recordNumbers', 'sequenceNumber', 'shardId'),
    ...engine(
      'hashRoutes',
      'reshardPlan',
      'reshape',
      'shardView',
      'liveStream',
      'firstKey',
      'tokens',
      'scalingPlan',
      'capacity',
    ),
    'src/engine/limits/*.ts',
    'src/engine/log/*.ts',
    '!src/engine/log/nodeFiles.ts',
  ],
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  // Its own rewriting of the file needs a compiler API that our TypeScript does not have; nothing is compiled.
  tsconfigFile: 'none',
  concurrency: 1,
  timeoutMS: 10_000,
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: 'out/mutation/report.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  tempDirName: 'out/mutation/sandbox',
  checkers: [],
  allowEmpty: true,
  thresholds: { high: 90, low: 85, break: 85 },
};
