/** Runs what an expression of the user's may make last for ever, and cuts it short. */
import vm from 'node:vm';
import { codeOf } from '../base/errors.ts';
import type { TimeBox } from '../tail/rowChooser.ts';

const idle = (): void => undefined;
const sandbox = { task: idle };
const context = vm.createContext(sandbox);
const script = new vm.Script('task()');

/** V8 ends the innermost loop or expression, wherever it is: `task` must bear that. */
export const timeBox: TimeBox = (task, ms) => {
  sandbox.task = task;
  try {
    script.runInContext(context, { timeout: ms });
    return true;
  } catch (thrown) {
    if (codeOf(thrown) !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw thrown;
    return false;
  } finally {
    sandbox.task = idle;
  }
};
