/** Rules for faults of the local engine: adds one, shows those in force, removes one or all. */
import {
  type FaultEffect,
  type FaultRule,
  type FaultSpec,
  faultEffects,
  faultRulesMax,
  mayHit,
} from '../../admin/faults.ts';
import { kmsExceptions } from '../../kinesis/encryptionErrors.ts';
import { type OperationName, operations } from '../../kinesis/operations.ts';
import type { App, Command } from '../app.ts';
import { localConnectionId } from '../connections/connection.ts';
import { failure, UserError } from '../messages.ts';
import { askText, type Choice, choose } from '../prompts/choose.ts';
import { targetOf } from '../prompts/target.ts';
import { counted } from '../tree/labels.ts';
import { callsProblem, latencyProblem, percentProblem } from './controlAnswers.ts';
import { needEngine } from './engineWork.ts';
import { effectTexts, faultDescription, faultLabel } from './faultText.ts';

const title = 'Add Fault';

export const addFault: Command = {
  id: 'shardscope.addFault',
  async run(app, argument) {
    const controls = await needEngine(app, argument, title);
    if (faultsInForce(app) >= faultRulesMax) {
      throw new UserError(`There are ${faultRulesMax} faults, as many as an engine plays.`, {
        title: 'Remove All',
        run: () => controls.clearFaults(),
      });
    }
    const effect = await askEffect();
    const detail = await askDetail(effect);
    const operation = await askOperation(effect);
    const stream = targetOf(app, argument).stream ?? (await askFaultStream(app));
    const spec: FaultSpec = { effect, ...detail, operation, stream, ...(await askHowOften()) };
    const rule = await controls.addFault(spec).catch((thrown) => {
      throw failure('The fault was not added', thrown);
    });
    app.messages.info(`In force: ${faultLabel(rule)} (${often(rule)}).`, {
      title: 'Remove',
      run: () => controls.removeFault(rule.id),
    });
  },
};

const often = (rule: FaultRule): string => faultDescription(rule).split(';', 1)[0]!;

function faultsInForce({ engine: { state } }: App): number {
  return state.type === 'running' ? state.status.faultCount : 0;
}

function askEffect(): Promise<FaultEffect> {
  const choices = faultEffects.map((effect) => ({ ...effectTexts[effect], value: effect }));
  return choose({ title, prompt: 'What becomes of a call' }, choices);
}

/** What the effect needs to be told besides. */
async function askDetail(effect: FaultEffect): Promise<Pick<FaultSpec, 'latencyMs' | 'exception'>> {
  if (effect === 'latency') {
    const prompt = 'Milliseconds that the call waits';
    const text = await askText({ title, prompt, value: '500', check: latencyProblem });
    return { latencyMs: Number(text) };
  }
  if (effect !== 'kms') return {};
  const choices = kmsExceptions.map((exception) => ({ label: exception, value: exception }));
  return { exception: await choose({ title, prompt: 'Which exception' }, choices) };
}

/** Those that the effect makes sense for; undefined: all of them. */
function askOperation(effect: FaultEffect): Promise<OperationName | undefined> {
  const names = (Object.keys(operations) as OperationName[]).filter((name) => mayHit(effect, name));
  const choices: Choice<OperationName | undefined>[] = names.map((name) => ({
    label: name,
    value: name,
  }));
  const all = names.length === Object.keys(operations).length;
  const any = { label: all ? 'Every operation' : 'All of these', value: undefined };
  return choose({ title, prompt: 'Which calls' }, [any, ...choices]);
}

/** Undefined: every stream. */
function askFaultStream(app: App): Promise<string | undefined> {
  return choose({ title, prompt: 'Which streams' }, streamChoices(app));
}

async function streamChoices(app: App): Promise<Choice<string | undefined>[]> {
  const { streams } = await app.directory.streams(localConnectionId).catch((thrown) => {
    throw failure('The streams of the local engine were not listed', thrown);
  });
  const named = streams.map(({ StreamName: value }) => ({ label: value, value }));
  return [{ label: 'Every stream', value: undefined }, ...named];
}

type HowOften = Pick<FaultSpec, 'count' | 'probability'>;

async function askHowOften(): Promise<HowOften> {
  const choice = await choose<'every' | 'next' | 'count' | 'share'>(
    { title, prompt: 'How often' },
    [
      { label: 'The next call', description: 'then the fault is gone', value: 'next' },
      { label: 'The next calls…', description: 'a number of them', value: 'count' },
      { label: 'A share of the calls…', description: 'by chance, until removed', value: 'share' },
      { label: 'Every call', description: 'until removed', value: 'every' },
    ],
  );
  if (choice === 'every') return {};
  if (choice === 'next') return { count: 1 };
  if (choice === 'share') return { probability: await askShare() };
  const prompt = 'How many calls are hit';
  return { count: Number(await askText({ title, prompt, value: '2', check: callsProblem })) };
}

async function askShare(): Promise<number> {
  const prompt = 'Percent of the calls that are hit';
  return Number(await askText({ title, prompt, value: '10', check: percentProblem })) / 100;
}

export const showFaults: Command = {
  id: 'shardscope.showFaults',
  async run(app, argument) {
    const controls = await needEngine(app, argument, 'Show or Remove Faults');
    const rules = await controls.faults();
    if (rules.length === 0) return noFaults(app);
    const choices: Choice<FaultRule | undefined>[] = rules.map((rule) => ({
      label: faultLabel(rule),
      description: faultDescription(rule),
      value: rule,
    }));
    const all = {
      label: `$(trash) Remove all: ${counted(rules.length, 'fault')}`,
      value: undefined,
    };
    const question = { title: 'Show or Remove Faults', prompt: 'Choose a fault to remove' };
    const rule = await choose(question, rules.length > 1 ? [...choices, all] : choices);
    if (!rule) return removeAll(app);
    await controls.removeFault(rule.id).catch((thrown) => {
      throw failure('The fault was not removed', thrown);
    });
    const run = () => controls.addFault(restOf(rule));
    app.messages.info(`Removed: ${faultLabel(rule)}.`, { title: 'Undo', run });
  },
};

/** The rule as it can be added again, for the calls that it had left. */
function restOf({ id: _, hits, ...spec }: FaultRule): FaultSpec {
  return spec.count === undefined ? spec : { ...spec, count: spec.count - hits };
}

export const clearFaults: Command = {
  id: 'shardscope.clearFaults',
  async run(app, argument) {
    await needEngine(app, argument, 'Remove All Faults');
    if (faultsInForce(app) === 0) return noFaults(app);
    await removeAll(app);
  },
};

async function removeAll(app: App): Promise<void> {
  await app.engine.controls.clearFaults().catch((thrown) => {
    throw failure('The faults were not removed', thrown);
  });
  app.messages.brief('No faults are in force any more.');
}

function noFaults(app: App): void {
  const run = (): Promise<void> => addFault.run(app);
  app.messages.info('No faults are in force on the local engine.', { title: 'Add Fault', run });
}
