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

function problemOf(tick: TailTick, rowsProblem: string | undefined): Problem | undefined {
  if (tick.problem) return tick.problem;
  if (rowsProblem !== undefined) return { message: rowsProblem, action: 'showLog' };
  if (tick.state === 'ended') {
    return {
      message: 'Reading has ended: the last row says why. Start from another place to go on.',
    };
  }
  return tick.state === 'failed' ? { message: 'Reading stopped.', action: 'showLog' } : undefined;
}

function Refusal({ message }: { message: string }) {
  const panel = usePanel();
  return (
    <div class="notice" role="alert">
      <span class="notice-sign" aria-hidden="true">
        ▲
      </span>
      <span class="notice-words">{message}</span>
      <Button onPress={thenFocusGrid(() => panel.dismissRefusal())}>Dismiss</Button>
    </div>
  );
}

export function Notice() {
  const panel = usePanel();
  const tick = useModel((model) => model.tick);
  const refusal = useModel((model) => model.refusal);
  const rowsProblem = useModel((model) => model.rowsProblem);
  const problem = tick && problemOf(tick, rowsProblem);
  return (
    <>
      {refusal !== undefined && <Refusal message={refusal} />}
      {problem && (
        <div class="notice" role="alert">
          <span class="notice-sign" aria-hidden="true">
            {tick.state === 'failed' ? '■' : '▲'}
          </span>
          <span class="notice-words">{problem.message}</span>
          <ProblemButton
            action={problem.action}
            ask={(action) => void panel.ask('act', { action })}
          />
        </div>
      )}
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
