/** Stops, starts, steps and speeds up the clock of the local engine. */
import { type ClockStatus, rateMax, stepMsMax } from '../../admin/controls.ts';
import { parseDuration } from '../../admin/duration.ts';
import { durationText } from '../../base/durations.ts';
import type { App, Command } from '../app.ts';
import { localConnectionId } from '../connections/connection.ts';
import { askText, type Choice, choose, hint } from '../prompts/choose.ts';
import { timeText } from '../tree/engineConditions.ts';
import { rateProblem, stepProblem } from './controlAnswers.ts';
import { engineWork, needEngine } from './engineWork.ts';

const stepTitle = 'Step Clock';
const speedTitle = 'Set Clock Speed';
const [secondMs, minuteMs, hourMs] = [1_000, 60_000, 3_600_000];

export const stepClock: Command = {
  id: 'shardscope.stepClock',
  async run(app, argument) {
    const controls = await needEngine(app, argument, stepTitle);
    const ms = msIn(argument) ?? (await askStep(await controls.clock()));
    const step = durationText(ms);
    const clock = await engineWork(app, {
      title: `Stepping the engine's clock by ${step}`,
      failed: `The engine's clock was not stepped by ${step}`,
      run: (engine) => engine.stepClock(ms),
    });
    app.directory.forget({ connection: localConnectionId });
    app.messages.brief(`Stepped by ${step}: the engine's clock shows ${timeText(clock.nowMs)}.`);
  },
};

/** The step that a link or a button names. */
function msIn(argument: unknown): number | undefined {
  const { ms } = (argument ?? {}) as { ms?: unknown };
  return typeof ms === 'number' && ms >= 1 && ms <= stepMsMax ? Math.round(ms) : undefined;
}

async function askStep(clock: ClockStatus): Promise<number> {
  const prompt = `How far to step the engine's clock, which shows ${timeText(clock.nowMs)}`;
  const ms = await choose({ title: stepTitle, prompt }, stepChoices(clock));
  return ms ?? askDuration(clock);
}

function stepChoices({ aheadMs }: ClockStatus): Choice<number | undefined>[] {
  const behindMs = Math.round(-aheadMs);
  const catchUp = {
    label: durationText(behindMs),
    description: "to the machine's time",
    value: behindMs,
  };
  return [
    ...(behindMs >= secondMs ? [catchUp] : []),
    { label: '1 s', description: 'throughput limits begin anew', value: secondMs },
    { label: '5 min', description: 'shard iterators expire', value: 5 * minuteMs },
    { label: '1 h', value: hourMs },
    { label: '25 h', description: 'past the default retention of 24 hours', value: 25 * hourMs },
    { label: 'Another duration…', value: undefined },
  ];
}

async function askDuration({ nowMs }: ClockStatus): Promise<number> {
  const text = await askText({
    title: stepTitle,
    prompt: "How far to step the engine's clock",
    placeHolder: '90s, 5m, 25h, 7d or 1h30m',
    check: (typed) =>
      stepProblem(typed) ?? hint(`To ${timeText(nowMs + parseDuration(typed.trim())!)}`),
  });
  return parseDuration(text.trim())!;
}

export const stopClock: Command = {
  id: 'shardscope.stopClock',
  async run(app, argument) {
    await needEngine(app, argument, 'Stop Clock');
    const { nowMs } = await engineWork(app, {
      title: "Stopping the engine's clock",
      failed: "The engine's clock was not stopped",
      run: (engine) => engine.stopClock(),
    });
    app.messages.brief(`The engine's clock stands still at ${timeText(nowMs)}.`);
  },
};

export const startClock: Command = {
  id: 'shardscope.startClock',
  async run(app, argument) {
    await needEngine(app, argument, 'Start Clock');
    const { nowMs } = await engineWork(app, {
      title: "Starting the engine's clock",
      failed: "The engine's clock was not started",
      run: (engine) => engine.startClock(),
    });
    app.messages.brief(`The engine's clock goes on from ${timeText(nowMs)}.`);
  },
};

export const setClockSpeed: Command = {
  id: 'shardscope.setClockSpeed',
  async run(app, argument) {
    const controls = await needEngine(app, argument, speedTitle);
    const rate = await askRate(await controls.clock());
    await setRate(app, rate);
    const times = rate === 1 ? '' : `${rate.toLocaleString('en-US')} times `;
    app.messages.brief(`The engine's clock goes ${times}as fast as the machine's.`);
  },
};

async function setRate(app: App, rate: number): Promise<void> {
  await engineWork(app, {
    title: "Setting the speed of the engine's clock",
    failed: "The speed of the engine's clock was not set",
    run: (engine) => engine.setClockRate(rate),
  });
}

async function askRate({ rate }: ClockStatus): Promise<number> {
  const now = rate === 0 ? 'it stands still' : `now ${rate.toLocaleString('en-US')}`;
  const question = { title: speedTitle, prompt: `Engine seconds in a second: ${now}` };
  const chosen = await choose<number | undefined>(question, [
    { label: '1', description: "as fast as the machine's", value: 1 },
    { label: '10', value: 10 },
    { label: '60', description: 'a minute a second', value: 60 },
    { label: '3,600', description: 'an hour a second', value: rateMax },
    { label: 'Another speed…', value: undefined },
  ]);
  return chosen ?? askOtherRate();
}

async function askOtherRate(): Promise<number> {
  const prompt = 'Engine seconds in a second';
  const placeHolder = '0.5 is half as fast';
  const text = await askText({ title: speedTitle, prompt, placeHolder, check: rateProblem });
  return Number(text);
}
