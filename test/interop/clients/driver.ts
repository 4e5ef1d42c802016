// Runs a client that is a program of its own: gives it the plan as a file and takes what it read.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseOutput, planText } from '../support/planFile.ts';
import { type Command, runToEnd } from '../support/processes.ts';
import { type PlanOptions, planOf, recordsOf } from '../support/workload.ts';
import type { Client, Outcome, Stage } from './client.ts';

export interface DriverStage extends Stage {
  readonly planFile: string;
}

export interface DriverCommand extends Command {
  readonly withinMs: number;
}

/** Looks at what else the driver printed. */
export type Judge = (outcome: Outcome, output: string) => Outcome;

export interface Driver {
  readonly plan?: Omit<PlanOptions, 'stream'>;
  readonly judge?: Judge;
  command(stage: DriverStage): DriverCommand | Promise<DriverCommand>;
}

export const runDriver =
  (driver: Driver): Client['run'] =>
  async (stage) => {
    const plan = planOf({ ...driver.plan, stream: stage.name });
    const planFile = path.join(stage.folder, 'plan.txt');
    writeFileSync(planFile, planText(plan));
    const { withinMs, ...command } = await driver.command({ ...stage, planFile });
    const output = await runToEnd(command, withinMs);
    const outcome = { ...parseOutput(output), put: recordsOf(plan) };
    return driver.judge?.(outcome, output) ?? outcome;
  };
