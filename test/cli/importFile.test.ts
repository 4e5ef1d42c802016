// A signal that comes when an import is in already.
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { importByCommand, targetIn } from '../../src/cli/importFile.ts';
import { ControlledBench } from '../engine/support/controlledBench.ts';
import { expected } from '../migrate/support/importing.ts';
import { TestClock } from '../support/testClock.ts';

const file = path.join(import.meta.dirname, '../fixtures/kinesis-local-0.6.2/kinesis-data.json');

test('importByCommand() tells what is in when it was stopped too late', async () => {
  const bench = await ControlledBench.open({ clock: new TestClock(expected.endedMs) });
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const before = process.listeners('SIGTERM');
  const target = targetIn(bench.controlled.imports);
  const finishImport: typeof target.finishImport = async (id) => {
    const finished = await target.finishImport(id);
    const [added] = process.listeners('SIGTERM').filter((one) => !before.includes(one));
    added!('SIGTERM');
    return finished;
  };
  const { imported } = await importByCommand({ file }, { ...target, finishImport });
  expect(imported.map(({ stream }) => stream)).toEqual(['clicks', 'orders']);
  expect(kill).not.toHaveBeenCalled();
  expect(process.listeners('SIGTERM')).toEqual(before);
  kill.mockRestore();
});
