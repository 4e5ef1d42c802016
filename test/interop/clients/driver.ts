// Runs a client that is a program of another language: gives it the plan as a file and takes what it read.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseOutput, planText } from '../support/planFile.ts';
import { type Command, runToEnd } from '../support/processes.ts';
import { planOf, recordsOf } from '../support/workload.ts';
import type { Client, Stage } from './client.ts';

export interface DriverStage extends Stage {
  readonly planFile: string;
}

export interface DriverCommand extends Command {
  readonly withinMs: number;
}

export const runDriver =
  (command: (stage: DriverStage) => DriverCommand | Promise<DriverCommand>): Client['run'] =>
  async (stage) => {
    const plan = planOf({ stream: stage.name });
    const planFile = path.join(stage.folder, 'plan.txt');
    writeFileSync(planFile, planText(plan));
    const { withinMs, ...rest } = await command({ ...stage, planFile });
    const { version, got } = parseOutput(await runToEnd(rest, withinMs));
    return { version, put: recordsOf(plan), got };
  };
