/** The command line of the engine's controls: words to a request of the admin interface. It sends nothing. */
import { parseDuration } from '../admin/duration.ts';
import type { ImportOrder } from './importFile.ts';

/** A request to the engine that runs on a data folder. */
export interface ControlOrder {
  readonly route: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** A file of JSON with the answer of ListShards; its shards become part of the body. */
  readonly shardsFile?: string;
  /** A file of kinesis-local whose streams are imported, in many requests. */
  readonly kinesisLocal?: ImportOrder;
  /** A path as the user wrote it, that becomes `folder` of the body when it is absolute. */
  readonly folder?: string;
  /** The member of the answer that is printed alone, as it is. */
  readonly prints?: string;
  /** Asks again and again for what is new. */
  readonly follows?: boolean;
}

/** What a user wrote that no command takes; `message` says what it could be. */
export class OrderMistake extends Error {}

type Words = readonly string[];
type Reader = (words: Words) => ControlOrder;

const readers: Readonly<Record<string, Reader>> = {
  status: (words) => plain('status', words),
  stop: (words) => plain('stop', words),
  reset: (words) => plain('reset', words),
  empty: (words) => {
    const [stream] = exactly(words, ['empty STREAM']);
    return { route: 'empty-stream', body: { stream } };
  },
  clock: clockOrder,
  faults: faultsOrder,
  snapshot: snapshotOrder,
  import: importOrder,
  journal: ([verb, ...rest]) => {
    if (verb === undefined) return { route: 'journal', body: {} };
    if (verb !== 'follow' || rest.length > 0) throw usage('journal', 'journal follow');
    return { route: 'journal', body: {}, follows: true };
  },
  counters: (words) => {
    if (words.length > 1) throw usage('counters', 'counters STREAM');
    return { route: 'counters', body: words.length === 0 ? {} : { stream: words[0] } };
  },
  certificate: (words) => ({ ...plain('certificate', words), prints: 'certificate' }),
};

export const controlNames: readonly string[] = Object.keys(readers);

export const isControl = (name: string): boolean => Object.hasOwn(readers, name);

/** `words`: what follows the command's name. Throws OrderMistake. */
export function controlOrder(name: string, words: Words): ControlOrder {
  return readers[name]!(words);
}

function plain(route: string, words: Words): ControlOrder {
  if (words.length > 0) throw new OrderMistake(`"${words[0]}" is one argument too many`);
  return { route, body: {} };
}

function clockOrder([verb, ...rest]: Words): ControlOrder {
  switch (verb) {
    case undefined:
      return plain('clock', rest);
    case 'stop':
    case 'start':
      return plain(`${verb}-clock`, rest);
    case 'step': {
      const [duration] = exactly(rest, ['clock step DURATION, like 90s, 5m, 25h or 1h30m']);
      return { route: 'step-clock', body: { ms: durationMs(duration!) } };
    }
    case 'speed': {
      const [rate] = exactly(rest, ['clock speed NUMBER, like 60']);
      return { route: 'set-clock-rate', body: { rate: numberIn(rate!) } };
    }
    default:
      throw usage(
        'clock',
        'clock stop',
        'clock start',
        'clock step DURATION',
        'clock speed NUMBER',
      );
  }
}

function faultsOrder([verb, ...rest]: Words): ControlOrder {
  switch (verb) {
    case undefined:
      return plain('faults', rest);
    case 'clear':
      return plain('clear-faults', rest);
    case 'remove': {
      const [id] = exactly(rest, ['faults remove ID']);
      return { route: 'remove-fault', body: { id: numberIn(id!) } };
    }
    case 'add': {
      const [effect, ...members] = rest;
      if (effect === undefined) throw usage('faults add EFFECT NAME=VALUE…');
      return { route: 'add-fault', body: { effect, ...membersOf(members, numericFaultMembers) } };
    }
    default:
      throw usage('faults', 'faults add EFFECT NAME=VALUE…', 'faults remove ID', 'faults clear');
  }
}

const numericFaultMembers = ['probability', 'count', 'seed', 'latencyMs'];

function snapshotOrder([verb, ...rest]: Words): ControlOrder {
  switch (verb) {
    case undefined:
      return plain('snapshots', rest);
    case 'take':
    case 'restore':
    case 'delete': {
      const [name] = exactly(rest, [`snapshot ${verb} NAME`]);
      return { route: `${verb}-snapshot`, body: { name } };
    }
    case 'branch': {
      const [name, folder] = exactly(rest, ['snapshot branch NAME FOLDER'], 2);
      return { route: 'branch-snapshot', body: { name }, folder: folder! };
    }
    default:
      throw usage(
        'snapshot',
        'snapshot take NAME',
        'snapshot restore NAME',
        'snapshot delete NAME',
        'snapshot branch NAME FOLDER',
      );
  }
}

function importOrder([stream, shardsFile, ...members]: Words): ControlOrder {
  if (stream === 'kinesis-local') return kinesisLocalOrder([shardsFile, ...members]);
  if (stream === undefined || shardsFile === undefined) {
    throw usage(
      'import STREAM FILE [retentionHours=NUMBER] [mode=ON_DEMAND]',
      'import kinesis-local FILE [retentionHours=NUMBER] [expired=skip]',
    );
  }
  const body = { stream, ...membersOf(members, ['retentionHours']) };
  return { route: 'import-shards', body, shardsFile };
}

function kinesisLocalOrder([file, ...members]: readonly (string | undefined)[]): ControlOrder {
  const given = membersOf(members as Words, ['retentionHours']);
  const { retentionHours, expired, ...others } = given;
  const isKnown = Object.keys(others).length === 0 && (expired ?? 'skip') === 'skip';
  if (file === undefined || file === '' || !isKnown) {
    throw usage('import kinesis-local FILE [retentionHours=NUMBER] [expired=skip]');
  }
  const how = {
    retentionHours: retentionHours as number | undefined,
    skipExpired: expired === 'skip',
  };
  return { route: 'begin-import', body: {}, kinesisLocal: { file, ...how } };
}

/** `name=value` words; what they may be is the engine's to say. */
function membersOf(words: Words, numeric: readonly string[]): Record<string, unknown> {
  const entries = words.map((word): [string, unknown] => {
    const [, name, value] = /^([a-zA-Z]+)=(.+)$/.exec(word) ?? [];
    if (name === undefined || value === undefined) {
      throw new OrderMistake(`"${word}" is not NAME=VALUE, for example count=2`);
    }
    return [name, numeric.includes(name) ? numberIn(value) : value];
  });
  return Object.fromEntries(entries);
}

function exactly(words: Words, forms: readonly string[], count = 1): Words {
  if (words.length === count && words.every((word) => word !== '')) return words;
  throw usage(...forms);
}

function numberIn(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new OrderMistake(`"${text}" is no number`);
}

/** `90s`, `5m`, `25h`, `7d`, `500ms`, `1h30m`: whole milliseconds. Throws OrderMistake. */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new OrderMistake(`"${text}" is no duration, like 90s, 5m, 25h or 1h30m`);
}

const usage = (...forms: string[]): OrderMistake =>
  new OrderMistake(`it is "${forms.map((form) => `shardscope ${form}`).join('" or "')}"`);
