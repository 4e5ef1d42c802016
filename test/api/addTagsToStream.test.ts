// AddTagsToStream: which tags there may be, how many, and whose value wins.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

type Tags = Record<string, string>;

const numbered = (count: number, from = 0): Tags =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${from + index}`, '']));

onEveryTarget('AddTagsToStream', (target) => {
  const add = (StreamName: string, Tags: Tags) =>
    target().api.addTagsToStream({ StreamName, Tags });
  const tagsOf = async (StreamName: string) =>
    (await target().api.listTagsForStream({ StreamName })).Tags;

  it('addTagsToStream() rejects no tags, long keys and long values', async () => {
    const keyRule =
      'Map keys must satisfy constraint: [Member must have length less than or equal to 128, ' +
      'Member must have length greater than or equal to 1]';
    const valueRule =
      'Map value must satisfy constraint: [Member must have length less than or equal to 256, ' +
      'Member must have length greater than or equal to 0]';
    const [long, longer] = ['k'.repeat(129), 'v'.repeat(257)];
    const cases: [Tags, string, string][] = [
      [{}, '{}', 'Member must have length greater than or equal to 1'],
      [{ [long]: '' }, `{${long}=}`, keyRule],
      [{ '': 'a' }, '{=a}', keyRule],
      [{ a: longer }, `{a=${longer}}`, valueRule],
    ];
    for (const [tags, shown, rule] of cases) {
      const message = constraint(shown, 'tags', rule);
      await expectError(add('a', tags), { name: 'ValidationException', message });
    }
    await expectError(target().api.addTagsToStream({ StreamName: 'a' } as never), {
      name: 'ValidationException',
      message: constraint(null, 'tags', 'Member must not be null'),
    });
  });

  it('addTagsToStream() names a stream that does not exist, whatever the tags', async () => {
    await expectError(add('nobody', { ';': '' }), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
    await expectError(target().api.addTagsToStream({ Tags: { a: 'b' } }), {
      name: 'InvalidArgumentException',
    });
  });

  it('addTagsToStream() rejects characters that no tag may have', async () => {
    const StreamName = await target().stream();
    for (const text of ['a;b', 'a,b', 'a\tb', 'a\nb', '?', 'a:b', '😀']) {
      for (const tags of [{ [text]: 'a' }, { a: text }]) {
        await expectError(add(StreamName, tags), {
          name: 'InvalidArgumentException',
          message:
            'Some tags contain invalid characters. Valid characters: ' +
            'Unicode letters, digits, white space, _ . / = + - % @.',
        });
      }
    }
    for (const tags of [{ 'a%': 'a' }, { a: '%' }] as Tags[]) {
      await expectError(add(StreamName, tags), {
        name: 'InvalidArgumentException',
        message:
          `Failed to add tags to stream ${StreamName} under account ${target().account} because ` +
          'some tags contained illegal characters. The allowed characters are ' +
          "Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
      });
    }
    expect(await tagsOf(StreamName)).toEqual([]);
  });

  it('addTagsToStream() rejects keys that AWS keeps for itself', async () => {
    const StreamName = await target().stream();
    for (const key of ['aws:', 'aws:a', 'AWS:a']) {
      await expectError(add(StreamName, { [key]: '' }), { name: 'InvalidArgumentException' });
    }
    await add(StreamName, { aws: '', awsa: 'b' });
    expect(await tagsOf(StreamName)).toHaveLength(2);
  });

  it('addTagsToStream() takes letters of any script, and names that objects have already', async () => {
    const StreamName = await target().stream();
    // Not `__proto__`: the SDK loses it in CBOR.
    const tags = { 'ключ Ünï': '値 a_./=+-@', constructor: '1', toString: '2' };
    await add(StreamName, tags);
    expect(await tagsOf(StreamName)).toEqual([
      { Key: 'constructor', Value: '1' },
      { Key: 'toString', Value: '2' },
      { Key: 'ключ Ünï', Value: '値 a_./=+-@' },
    ]);
  });

  it('addTagsToStream() gives a key its new value and keeps the others', async () => {
    const StreamName = await target().stream();
    expect(await add(StreamName, { a: '1', b: '2' })).toEqual({});
    await add(StreamName, { b: '3', c: '' });
    expect(await target().statusOf(StreamName)).toBe('ACTIVE');
    expect(await tagsOf(StreamName)).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '3' },
      { Key: 'c', Value: '' },
    ]);
  });

  it('addTagsToStream() stops at fifty, and adds all or none', async () => {
    const StreamName = await target().stream();
    await add(StreamName, numbered(49));
    const refused = {
      name: 'InvalidArgumentException',
      message:
        `Failed to add tags to stream ${StreamName} under account ${target().account} because ` +
        'a given stream cannot have more than 10 tags associated with it.',
    };
    await expectError(add(StreamName, numbered(2, 49)), refused);
    expect(await tagsOf(StreamName)).toHaveLength(49);
    await add(StreamName, numbered(10, 40));
    expect(await tagsOf(StreamName)).toHaveLength(50);
    await expectError(add(StreamName, { more: '' }), refused);
  });

  it('addTagsToStream() waits for ACTIVE', async () => {
    const StreamName = target().freshName();
    await target().api.createStream({ StreamName, ShardCount: 1 });
    await expectError(add(StreamName, { a: '' }), {
      name: 'ResourceInUseException',
      message:
        `Stream ${StreamName} under account ${target().account} not ACTIVE, ` +
        'instead in state CREATING',
    });
    await target().active(StreamName);
    await add(StreamName, { a: '' });
  });
});
