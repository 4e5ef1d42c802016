// Loaded into a measured process before its own code: on request it collects garbage and says what
// is left. It costs nothing until it is asked, and does not keep the process alive.
'use strict';
process.on('message', async () => {
  for (let turn = 0; turn < 3; turn++) {
    // As before the process ran out of memory: what only waits to be used again is given back.
    globalThis.gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  process.send({ heapUsed, external });
});
process.channel.unref();
