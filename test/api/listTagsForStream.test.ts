// ListTagsForStream: order, pages, and the tags a stream was created with.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

onEveryTarget('ListTagsForStream', (target) => {
  it('listTagsForStream() rejects limits below 1 and above 50, and a long key', async () => {
    const long = 'k'.repeat(129);
    const { api } = target();
    await expectError(api.listTagsForStream({ StreamName: 'a', Limit: 0 }), {
      name: 'ValidationException',
      message: constraint('0', 'limit', 'Member must have value greater than or equal to 1'),
    });
    await expectError(api.listTagsForStream({ StreamName: 'a', Limit: 51 }), {
      name: 'ValidationException',
      message: constraint('51', 'limit', 'Member must have value less than or equal to 50'),
    });
    await expectError(api.listTagsForStream({ StreamName: 'a', ExclusiveStartTagKey: long }), {
      name: 'ValidationException',
      message: constraint(
        long,
        'exclusiveStartTagKey',
        'Member must have length less than or equal to 128',
      ),
    });
  });

  it('listTagsForStream() names a stream that does not exist', async () => {
    await expectError(target().api.listTagsForStream({ StreamName: 'nobody' }), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });

  it('listTagsForStream() has the tags of CreateStream, also in CREATING', async () => {
    const StreamName = target().freshName();
    const Tags = { b: '2', a: '1', B: '' };
    await target().api.createStream({ StreamName, ShardCount: 1, Tags });
    const all = {
      Tags: [
        { Key: 'B', Value: '' },
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
      HasMoreTags: false,
    };
    expect(await target().api.listTagsForStream({ StreamName })).toEqual(all);
    await target().active(StreamName);
    expect(await target().api.listTagsForStream({ StreamARN: target().arnOf(StreamName) })).toEqual(
      all,
    );
  });

  it('listTagsForStream() gives pages by key, from any key on', async () => {
    const StreamName = await target().stream({ Tags: { a: '', b: '', c: '', d: '' } });
    const page = async (ExclusiveStartTagKey: string, Limit: number) => {
      const more = ExclusiveStartTagKey === '' ? {} : { ExclusiveStartTagKey };
      const output = await target().api.listTagsForStream({ StreamName, Limit, ...more });
      return [output.Tags.map(({ Key }) => Key).join(''), output.HasMoreTags];
    };
    expect(await page('', 3)).toEqual(['abc', true]);
    expect(await page('c', 3)).toEqual(['d', false]);
    expect(await page('aa', 3)).toEqual(['bcd', false]);
    expect(await page('d', 50)).toEqual(['', false]);
    expect(await page('', 4)).toEqual(['abcd', false]);
  });

  it('createStream() refuses tags that AddTagsToStream would', async () => {
    const input = { StreamName: target().freshName(), ShardCount: 1 };
    const create = (Tags: Record<string, string>) => target().api.createStream({ ...input, Tags });
    await expectError(create({ 'a;': '' }), {
      name: 'InvalidArgumentException',
      message: /^Some tags contain invalid characters\./,
    });
    const many = Array.from({ length: 51 }, (_, index) => [`k${index}`, '']);
    await expectError(create(Object.fromEntries(many)), { name: 'InvalidArgumentException' });
    expect(await target().statusOf(input.StreamName)).toBeUndefined();
  });
});
