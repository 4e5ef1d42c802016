/** The command line: what it may say, and a clear sentence for what it may not. Starts nothing. */
import { parseArgs } from 'node:util';
import { parseSeeds, type StreamSeed } from '../admin/adminApi.ts';
import { codeOf, messageOf } from '../base/errors.ts';
import type { EngineSettings } from '../engine/ports.ts';
import { scalingPolicies } from '../engine/scalingPlan.ts';
import type { StateDelays } from '../engine/stateDelays.ts';
import { namespacesModes } from '../engine/streamNames.ts';
import { type AuthMode, authModes } from '../server/auth/callers.ts';
import type { ControlOptions } from './control.ts';
import { controlNames, controlOrder, isControl, OrderMistake } from './controlOrder.ts';
import { type LogLevel, logLevels } from './engineLog.ts';

export interface ServeOptions {
  /** Undefined: the default folder. */
  readonly data: string | undefined;
  /** Undefined: the folder's own, or 4567. 0: any that is free. */
  readonly port: number | undefined;
  readonly init: readonly StreamSeed[];
  readonly settings: Partial<EngineSettings>;
  readonly allowedHosts: readonly string[];
  /** Web pages that may call, by their origin, or `*`. */
  readonly corsOrigins: readonly string[];
  readonly auth: AuthMode;
  /** File of the keys that callers may sign with; undefined: there are none. */
  readonly keysFile: string | undefined;
  /** Ends after this long without a window and a call; undefined: never. */
  readonly idleExitMs: number | undefined;
  readonly logLevel: LogLevel;
  /** Forked by the extension: speaks by message, ends by itself. */
  readonly owned: boolean;
}

export type Command =
  | { readonly type: 'help' }
  | { readonly type: 'version' }
  | { readonly type: 'serve'; readonly options: ServeOptions }
  | { readonly type: 'control'; readonly options: ControlOptions }
  | { readonly type: 'mistake'; readonly message: string };

class Mistake extends Error {}

const ownedIdleSeconds = 300;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const known = {
  port: text,
  data: text,
  init: text,
  limits: text,
  durability: text,
  'size-limit': text,
  'when-full': text,
  'state-delays': text,
  'scaling-policy': text,
  region: text,
  account: text,
  namespaces: text,
  auth: text,
  keys: text,
  cors: { type: 'string', multiple: true },
  'allow-host': { type: 'string', multiple: true },
  'idle-exit': text,
  'log-level': text,
  owned: flag,
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/** Reads the arguments after the program's name. Never throws for what a user wrote. */
export function parseCommand(args: readonly string[]): Command {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: known,
      allowPositionals: true,
    });
    if (values.version) return { type: 'version' };
    if (values.help || positionals[0] === 'help') return { type: 'help' };
    const [command, ...words] = positionals;
    if (command === undefined) throw new Mistake('there is no command; "serve" starts an engine');
    if (isControl(command))
      return { type: 'control', options: controlOptions(command, { values, words }) };
    if (command !== 'serve') throw new Mistake(noCommand(command));
    if (words[0] !== undefined) throw new Mistake(`"${words[0]}" is one argument too many`);
    return { type: 'serve', options: serveOptions(values) };
  } catch (thrown) {
    return { type: 'mistake', message: mistakeOf(thrown) };
  }
}

function mistakeOf(thrown: unknown): string {
  if (thrown instanceof Mistake || thrown instanceof OrderMistake) return thrown.message;
  if (codeOf(thrown)?.startsWith('ERR_PARSE_ARGS_')) return messageOf(thrown).split('. ')[0]!;
  throw thrown;
}

type Values = ReturnType<typeof parseArgs<{ options: typeof known }>>['values'];

const noCommand = (name: string): string =>
  `there is no command "${name}", only serve, ${controlNames.join(', ')}`;

/** Of all options only the folder says which engine is meant. */
function controlOptions(
  command: string,
  { values, words }: { values: Values; words: readonly string[] },
): ControlOptions {
  const { data, ...others } = values;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Mistake(`--${other} is an option of "serve"`);
  if (data === '') missing('--data', 'a folder');
  return { data, order: controlOrder(command, words) };
}

function serveOptions(values: Values): ServeOptions {
  const owned = values.owned ?? false;
  const idle = whole(values['idle-exit'], { name: '--idle-exit', min: 0, max: 10 ** 9 });
  const idleSeconds = idle ?? (owned ? ownedIdleSeconds : 0);
  const auth = choice(values.auth, '--auth', authModes) ?? 'any';
  const keysFile = values.keys === '' ? missing('--keys', 'a file') : values.keys;
  return {
    data: values.data === '' ? missing('--data', 'a folder') : values.data,
    port: whole(values.port, { name: '--port', min: 0, max: 65_535 }),
    init: values.init === undefined ? [] : seeds(values.init),
    settings: settingsOf(values),
    allowedHosts: values['allow-host'] ?? [],
    corsOrigins: (values.cors ?? []).map(origin),
    auth,
    keysFile,
    idleExitMs: idleSeconds === 0 ? undefined : idleSeconds * 1000,
    logLevel: choice(values['log-level'], '--log-level', logLevels) ?? 'info',
    owned,
  };
}

function settingsOf(values: Values): Partial<EngineSettings> {
  const given = {
    limits: choice(values.limits, '--limits', ['aws', 'warn', 'off']),
    durability: choice(values.durability, '--durability', ['written', 'synced']),
    folderBytesMax: bytes(values['size-limit']),
    whenFull: choice(values['when-full'], '--when-full', ['refuse', 'dropOldest']),
    stateDelays: stateDelays(values['state-delays']),
    scalingPolicy: choice(values['scaling-policy'], '--scaling-policy', scalingPolicies),
    region: matching(
      values.region,
      /^[a-z]{2}(-[a-z]+)+-\d+$/,
      '--region takes a region, like eu-west-1',
    ),
    namespaces: choice(values.namespaces, '--namespaces', namespacesModes),
    account: matching(values.account, /^\d{12}$/, '--account takes twelve digits'),
  };
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<EngineSettings>;
}

/** A browser never names more of a page than this. */
function origin(given: string): string {
  const pattern = /^(\*|[a-z][a-z0-9+.-]*:\/\/[^/\s]+)$/i;
  return matching(given, pattern, '--cors takes * or an origin, like http://localhost:3000')!;
}

function missing(name: string, what: string): never {
  throw new Mistake(`${name} needs ${what}`);
}

interface Range {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

function whole(given: string | undefined, { name, min, max }: Range): number | undefined {
  if (given === undefined) return undefined;
  const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new Mistake(`${name} takes a whole number from ${min} to ${max}, not "${given}"`);
}

function choice<const T extends string>(
  given: string | undefined,
  name: string,
  allowed: readonly T[],
): T | undefined {
  if (given === undefined || allowed.includes(given as T)) return given as T | undefined;
  throw new Mistake(`${name} takes ${allowed.join(', ')}, not "${given}"`);
}

function matching(given: string | undefined, pattern: RegExp, rule: string): string | undefined {
  if (given === undefined || pattern.test(given)) return given;
  throw new Mistake(`${rule}, not "${given}"`);
}

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};
const sizeBytesMin = 64 * 1024 ** 2;

/** `4GiB`, `512 MiB`, `1.5GiB` or a number of bytes. */
function bytes(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]ib)?$/i.exec(given.trim());
  const value = match
    ? Math.floor(Number(match[1]) * unitBytes[(match[2] ?? '').toLowerCase()]!)
    : 0;
  if (value >= sizeBytesMin && Number.isSafeInteger(value)) return value;
  throw new Mistake(`--size-limit takes 64MiB or more, like 4GiB, not "${given}"`);
}

const delayMsMax = 86_400_000;

function stateDelays(given: string | undefined): StateDelays | undefined {
  if (given === undefined || given === 'short' || given === 'realistic') return given;
  if (/^\d+$/.test(given) && Number(given) <= delayMsMax) return Number(given);
  throw new Mistake(
    `--state-delays takes short, realistic or milliseconds up to ${delayMsMax}, not "${given}"`,
  );
}

function seeds(given: string): StreamSeed[] {
  try {
    return parseSeeds(given);
  } catch (thrown) {
    throw new Mistake(`--init: ${messageOf(thrown)}`);
  }
}
