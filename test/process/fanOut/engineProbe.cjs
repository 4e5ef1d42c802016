// Loaded into the engine before its own code: on request it collects garbage, and says what memory is left and
// what keeps its process alive. It costs nothing until it is asked, and does not keep the process alive.
'use strict';
process.on('message', async () => {
  for (let turn = 0; turn < 4; turn++) {
    // As far as V8 can go: else it keeps the room that it once needed.
    globalThis.gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const kinds = process.getActiveResourcesInfo();
  const count = (kind) => kinds.filter((name) => name === kind).length;
  process.send({
    heapUsed,
    external,
    rss,
    sockets: count('TCPSocketWrap'),
    timers: count('Timeout'),
  });
});
process.channel.unref();
