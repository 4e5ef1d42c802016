// Damaged files: one stream is closed, the others go on.
import { describe, expect, it } from 'vitest';
import { dataOf, rejection, TestEngine } from './support/testEngine.ts';

describe('damage', () => {
  /** An engine with a damaged stream `bad` beside a whole one, `good`. */
  async function damaged(): Promise<TestEngine> {
    const test = await TestEngine.open();
    await test.stream('bad');
    await test.stream('good');
    for (let index = 0; index < 20; index++) await test.put('bad', 'k', `record ${index}`);
    await test.put('good', 'k', 'fine');
    await test.engine.close();
    const { files } = test;
    const sizes = files.paths
      .filter((name) => name.startsWith('streams/') && name.endsWith('.log'))
      .sort((a, b) => files.raw(b).length - files.raw(a).length);
    const bytes = files.raw(sizes[0]!);
    bytes[Math.floor(bytes.length / 2)]! ^= 255;
    await test.reopenAfterKill();
    return test;
  }

  it('closes only the damaged stream, and says which file and what to do', async () => {
    const test = await damaged();
    const error = await rejection(test.put('bad', 'k', 'x'));
    expect(error).toMatchObject({
      name: 'InternalFailure',
      message: expect.stringMatching(
        /^Stream bad is closed because its files are damaged: .*streams\/[0-9a-f]{16}\/.* byte \d+.*Restore the file/,
      ),
    });
    expect(test.engine.damaged()).toEqual([{ stream: 'bad', reason: error.message }]);
    const remove = test.engine.deleteStream({ StreamName: 'bad' });
    expect((await rejection(remove)).name).toBe('InternalFailure');
    expect(dataOf(await test.read('good', '0'))).toEqual(['fine']);
    expect((await test.engine.listStreams({})).StreamNames).toEqual(['bad', 'good']);
  });

  it('dropDamaged() removes it with its files, and nothing else', async () => {
    const test = await damaged();
    expect((await rejection(test.engine.dropDamaged('good'))).name).toBe(
      'InvalidArgumentException',
    );
    await rejection(test.put('bad', 'k', 'x'));
    await test.engine.dropDamaged('bad');
    expect(test.engine.damaged()).toEqual([]);
    expect((await test.engine.listStreams({})).StreamNames).toEqual(['good']);
    await test.stream('bad');
    await test.put('bad', 'k', 'anew');
    expect(dataOf(await test.read('bad', '0'))).toEqual(['anew']);
  });
});
