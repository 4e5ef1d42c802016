/**
 * Leads terminals and debugged programs to the local engine while it runs. The extension is not
 * activated for it: a window in which Kinesis was never used has no engine to lead to. A task of type
 * `shardscope` before the launch activates it in time, since variables are added after such tasks.
 */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type * as vscode from 'vscode';
import { codeOf } from '../../base/errors.ts';
import type { LocalEngine } from '../engine/localEngine.ts';
import { readEnvironmentEnabled } from '../settings.ts';
import {
  engineVariables,
  namesInEnvFile,
  type Variables,
  withVariables,
} from './engineVariables.ts';

type Collection = vscode.ExtensionContext['environmentVariableCollection'];

export class Environment implements vscode.DebugConfigurationProvider {
  private readonly engine: LocalEngine;
  private readonly collection: Collection;

  constructor(engine: LocalEngine, collection: Collection) {
    this.engine = engine;
    this.collection = collection;
    collection.persistent = false;
    collection.description = 'Leads the AWS SDKs and the AWS CLI to the local Kinesis engine';
    engine.onState(() => void this.update());
  }

  /** Terminals opened from now on meet the engine, or no longer. */
  async update(): Promise<void> {
    const variables = await this.variables();
    this.collection.clear();
    for (const [name, value] of Object.entries(variables)) this.collection.replace(name, value);
  }

  /** Called by VS Code after the tasks that go before a launch. */
  async resolveDebugConfigurationWithSubstitutedVariables(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration> {
    const variables = await this.variables();
    if (Object.keys(variables).length === 0) return configuration;
    const envFile: unknown = configuration.envFile;
    const text = typeof envFile === 'string' && envFile !== '' ? await readText(envFile) : '';
    return withVariables(configuration, { variables, taken: namesInEnvFile(text) });
  }

  /** None while the engine is not running or the user wants none. */
  private async variables(): Promise<Variables> {
    const { state } = this.engine;
    if (state.type !== 'running' || !readEnvironmentEnabled()) return {};
    const { env } = process;
    const folder = path.join(os.homedir(), '.aws');
    return engineVariables(state.status, {
      env,
      configFile: await readText(env.AWS_CONFIG_FILE ?? path.join(folder, 'config')),
      credentialsFile: await readText(
        env.AWS_SHARED_CREDENTIALS_FILE ?? path.join(folder, 'credentials'),
      ),
    });
  }
}

/** Empty when there is no such file, or it is not ours to read. */
async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (codeOf(thrown) === undefined) throw thrown;
    return '';
  }
}
