// ListStreams: order and pages.
import { expect, it } from 'vitest';
import { expectError, onEveryTarget } from './targets.ts';

onEveryTarget('ListStreams', (target) => {
  it('listStreams() pages by token and by name, in order, with summaries', async () => {
    const { api } = target();
    const names = [await target().stream(), await target().stream(), await target().stream()];
    const start = { ExclusiveStartStreamName: 'api-liststreams' };
    const first = await api.listStreams({ ...start, Limit: 2 });
    expect(first.StreamNames).toEqual(names.slice(0, 2));
    expect(first.HasMoreStreams).toBe(true);
    expect(first.StreamSummaries?.[0]).toMatchObject({
      StreamName: names[0],
      StreamARN: target().arnOf(names[0]!),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
    });
    const byToken = await api.listStreams({ NextToken: first.NextToken, Limit: 1 });
    expect(byToken.StreamNames).toEqual(names.slice(2));
    const byName = await api.listStreams({ ExclusiveStartStreamName: names[1], Limit: 1 });
    expect(byName.StreamNames).toEqual(names.slice(2));
  });

  it('listStreams() starts after a name that does not exist', async () => {
    const name = await target().stream();
    const { StreamNames } = await target().api.listStreams({
      ExclusiveStartStreamName: name.slice(0, -1),
      Limit: 1,
    });
    expect(StreamNames).toHaveLength(1);
  });

  it('listStreams() rejects a token that is none', async () => {
    await expectError(target().api.listStreams({ NextToken: 'abc' }), {
      name: 'InvalidArgumentException',
    });
  });
});
