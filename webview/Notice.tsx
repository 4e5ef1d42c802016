/** What stopped the tail, or what the host refused to do: one sentence and one button. The rows stay. */
import type { Problem, ProblemAction, TailTick } from '../src/protocol/tail.ts';
import { Button } from './controls/Button.tsx';
import { useModel, usePanel } from './hooks.ts';
import { thenFocusGrid } from './regions.ts';

const words: Readonly<Record<ProblemAction, string>> = {
  retry: 'Try again',
  startEngine: 'Start the engine',
  signIn: 'Sign in',
  showLog: 'Show the log',
};

/** The tail's own. */
function problemOf({ problem, state }: TailTick): Problem | undefined {
  if (problem) return problem;
  if (state === 'ended') {
    return {
      message: 'Reading has ended: the last row says why. Start from another place to go on.',
    };
  }
  return state === 'failed' ? { message: 'Reading stopped.', action: 'showLog' } : undefined;
}

function Refusal({ message }: { message: string }) {
  const panel = usePanel();
  return (
    <div class="notice" role="alert">
      <span class="notice-sign" aria-hidden="true">
        ▲
      </span>
      <span class="notice-words" title={message}>
        {message}
      </span>
      <Button onPress={thenFocusGrid(() => panel.dismissRefusal())}>Dismiss</Button>
    </div>
  );
}

function Wrong({ problem: { message, action }, sign }: { problem: Problem; sign: string }) {
  const panel = usePanel();
  return (
    <div class="notice" role="alert">
      <span class="notice-sign" aria-hidden="true">
        {sign}
      </span>
      <span class="notice-words" title={message}>
        {message}
      </span>
      <ProblemButton action={action} ask={(asked) => void panel.ask('act', { action: asked })} />
    </div>
  );
}

export function Notice() {
  const tick = useModel((model) => model.tick);
  const refusal = useModel((model) => model.refusal);
  const rowsProblem = useModel((model) => model.rowsProblem);
  const problem = tick && problemOf(tick);
  // Where a problem is told, it is the reason of this one too.
  const isRowsTold = tick !== undefined && !tick.problem && rowsProblem !== undefined;
  return (
    <>
      {refusal !== undefined && <Refusal message={refusal} />}
      {problem && <Wrong problem={problem} sign={tick.state === 'failed' ? '■' : '▲'} />}
      {isRowsTold && <Wrong problem={{ message: rowsProblem, action: 'showLog' }} sign="▲" />}
    </>
  );
}

interface ProblemButtonProps {
  readonly action: ProblemAction | undefined;
  ask(action: ProblemAction): void;
}

function ProblemButton({ action, ask }: ProblemButtonProps) {
  if (!action) return null;
  return (
    <Button look="primary" onPress={() => ask(action)}>
      {words[action]}
    </Button>
  );
}
