// The window's worker thread under measurement: on request it collects garbage and says what is left.
'use strict';
const v8 = require('node:v8');
const vm = require('node:vm');
const { workerData } = require('node:worker_threads');

v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc');

workerData.probe.on('message', async () => {
  for (let turn = 0; turn < 3; turn++) {
    gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  workerData.probe.postMessage({ heapUsed, external });
});
workerData.probe.unref();
require(workerData.bundle);
