// RemoveTagsFromStream: what goes, what stays, and what it refuses.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

onEveryTarget('RemoveTagsFromStream', (target) => {
  const remove = (StreamName: string, TagKeys: string[]) =>
    target().api.removeTagsFromStream({ StreamName, TagKeys });

  it('removeTagsFromStream() rejects no keys, too many and long ones', async () => {
    const { name } = { name: 'ValidationException' };
    const atLeast = 'Member must have length greater than or equal to 1';
    await expectError(remove('a', []), { name, message: constraint('[]', 'tagKeys', atLeast) });
    const many = Array.from({ length: 51 }, () => 'a');
    await expectError(remove('a', many), {
      name,
      message: constraint(
        `[${many.join(', ')}]`,
        'tagKeys',
        'Member must have length less than or equal to 50',
      ),
    });
    const long = 'k'.repeat(129);
    await expectError(remove('a', ['b', long, '']), {
      name,
      message: constraint(
        `[b, ${long}, ]`,
        'tagKeys',
        'Member must satisfy constraint: [Member must have length less than or equal to 128, ' +
          'Member must have length greater than or equal to 1]',
      ),
    });
  });

  it('removeTagsFromStream() names a stream that does not exist', async () => {
    await expectError(remove('nobody', ['a']), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });

  it('removeTagsFromStream() rejects characters that no tag may have', async () => {
    const StreamName = await target().stream();
    await expectError(remove(StreamName, ['a', 'b;']), {
      name: 'InvalidArgumentException',
      message:
        'Some tags contain invalid characters. Valid characters: ' +
        'Unicode letters, digits, white space, _ . / = + - % @.',
    });
    await expectError(remove(StreamName, ['%']), {
      name: 'InvalidArgumentException',
      message:
        `Failed to remove tags from stream ${StreamName} under account ${target().account} ` +
        'because some tags contained illegal characters. The allowed characters are ' +
        "Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
    });
  });

  it('removeTagsFromStream() takes the named tags and ignores keys there are none of', async () => {
    const StreamName = await target().stream({ Tags: { a: '1', b: '2', c: '3' } });
    expect(await remove(StreamName, ['a', 'x', 'c', 'a'])).toEqual({});
    const { Tags } = await target().api.listTagsForStream({ StreamName });
    expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);
    await remove(StreamName, ['x']);
    expect(await target().statusOf(StreamName)).toBe('ACTIVE');
  });

  it('removeTagsFromStream() waits for ACTIVE', async () => {
    const StreamName = await target().stream({ Tags: { a: '1' } });
    await target().api.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 48 });
    await expectError(remove(StreamName, ['a']), { name: 'ResourceInUseException' });
    await target().active(StreamName);
    await remove(StreamName, ['a']);
  });
});
