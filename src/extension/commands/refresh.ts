/** Looks again: at one connection or at all; shows the next page of a long list of streams. */
import type { Command } from '../app.ts';
import { askConnection } from '../prompts/askTarget.ts';
import { targetOf } from '../prompts/target.ts';

export const refresh: Command = {
  id: 'shardscope.refresh',
  async run(app, argument) {
    const { connection } = targetOf(app, argument);
    await app.engine.probe();
    app.directory.forget(connection === undefined ? {} : { connection });
  },
};

export const showMoreStreams: Command = {
  id: 'shardscope.showMoreStreams',
  async run(app, argument) {
    const need = { title: 'Show More Streams' };
    const { connection } = await askConnection(app, targetOf(app, argument), need);
    await app.directory.loadMore(connection);
  },
};
