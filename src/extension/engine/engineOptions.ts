/** What the user's settings mean to an engine: the arguments and the environment it is forked with. */
import type { Durability, LimitsMode } from '../../admin/adminApi.ts';

export interface EngineOptions {
  readonly folder: string;
  readonly port: number;
  readonly durability: Durability;
  readonly limits: LimitsMode;
  /** As the user wrote it: `4 GiB`. */
  readonly sizeLimit: string;
  readonly whenFull: 'refuse' | 'dropOldest';
  readonly stateDelays: 'short' | 'realistic';
  readonly scalingPolicy: 'splitAndMerge' | 'uniform';
  readonly auth: 'any' | 'shape' | 'verify';
  /** Absolute. */
  readonly keysFile?: string | undefined;
  readonly namespaces: 'one' | 'separate';
  readonly idleExitSeconds: number;
}

/** The command line of `dist/engine.cjs`. */
export function engineArguments(options: EngineOptions): string[] {
  return [
    'serve',
    '--owned',
    ...['--data', options.folder],
    ...['--port', String(options.port)],
    ...['--idle-exit', String(options.idleExitSeconds)],
    ...['--limits', options.limits],
    ...['--durability', options.durability],
    ...['--size-limit', options.sizeLimit.replaceAll(' ', '')],
    ...['--when-full', options.whenFull],
    ...['--state-delays', options.stateDelays],
    ...['--scaling-policy', options.scalingPolicy],
    ...['--namespaces', options.namespaces],
    ...['--auth', options.auth],
    ...(options.keysFile === undefined ? [] : ['--keys', options.keysFile]),
  ];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of an engine that outlives this window: nothing of the editor's own, which would
 * tie it to the window or make it start as something else. SHARDSCOPE_OWNER_PID stays.
 */
export function engineEnvironment(env: Environment): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    ELECTRON_RUN_AS_NODE: '1',
    ELECTRON_NO_ASAR: '1',
  };
}

/** `4567` of `http://127.0.0.1:4567`. */
export function portOf(endpoint: string): string {
  return new URL(endpoint).port;
}
