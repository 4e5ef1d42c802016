/** Makes an AWS connection read-only again. */
import type { Command } from '../app.ts';
import { askAwsConnection } from '../prompts/askAwsConnection.ts';
import { targetOf } from '../prompts/target.ts';

export const lockConnection: Command = {
  id: 'shardscope.lockConnection',
  async run(app, argument) {
    const info = await askAwsConnection(app, targetOf(app, argument), 'Lock Connection');
    await app.connections.setWritable(info.id, false);
    app.messages.brief(`${info.label} is read-only.`);
  },
};
