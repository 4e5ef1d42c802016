/**
 * Records as they lie encrypted in the log: sealed as they are appended, opened as they are read. Each says of
 * itself that it is sealed, so that a stream holds both kinds. See FORMAT.md.
 */
import { KinesisError } from '../kinesis/errors.ts';
import { PackedRecords } from '../kinesis/packedRecords.ts';
import { type LogEntry, PASSED_OVER } from './log/log.ts';
import { LogError } from './log/logError.ts';
import type { Cipher, EnginePorts } from './ports.ts';

/** In a record's first byte, whose other flags are sealed with the rest. */
export const sealedFlag = 2;
const saltAt = 1;
const saltBytes = 16;
const counterAt = saltAt + saltBytes;
const sealAt = counterAt + 4;
const tagBytes = 16;
/** What a record takes more than it does plain. */
const sealBytes = sealAt + tagBytes;
const counterEnd = 2 ** 32;
/** Keys kept; every opening of a log makes one. */
const keysMax = 64;

/** A plain entry, and whether the log holds it sealed. */
export interface OpenedEntry extends LogEntry {
  readonly isSealed?: boolean;
}

/** Whose the records are: what their keys derive from, in hexadecimal digits. */
interface Secret {
  readonly secret: string;
}

/** Of one open log. The salt is new with every one, so no count is used twice with a key. */
export class RecordSeals {
  private readonly parts: Pick<EnginePorts, 'cipher' | 'random'>;
  private readonly keys = new Map<string, object>();
  /** Of records that are sealed now. */
  private current: Omit<SealParts, 'counter'> | undefined;
  private counter = 0;

  constructor(parts: RecordSeals['parts']) {
    this.parts = parts;
  }

  /** The records as they will lie in the log, in memory of their own; of those passed over nothing is kept. */
  sealed(records: PackedRecords, { lanes, secret }: Secret & { lanes: readonly number[] }) {
    const room = roomFor(records, lanes);
    let [from, to] = [0, 0];
    for (let place = 0; place < lanes.length; place++) {
      const [end, roomEnd] = [records.ends[place]!, room.ends[place]!];
      if (lanes[place] !== PASSED_OVER) {
        const target = room.bytes.subarray(to, roomEnd);
        seal(records.bytes.subarray(from, end), { target, parts: this.next(secret) });
      }
      [from, to] = [end, roomEnd];
    }
    return room;
  }

  /** Throws LogError CORRUPT for what was not sealed with this secret. */
  opened(entries: LogEntry[], of: Partial<Secret> | undefined): OpenedEntry[] {
    if (!entries.some(isSealed)) return entries;
    return entries.map((entry) => (isSealed(entry) ? this.openedEntry(entry, of) : entry));
  }

  private openedEntry(entry: LogEntry, { secret }: Partial<Secret> = {}): OpenedEntry {
    const { bytes } = entry;
    const plain =
      secret === undefined || bytes.length < sealBytes
        ? undefined
        : this.cipher.open(bytes.subarray(sealAt), {
            key: this.keyOf(bytes.subarray(saltAt, counterAt), secret),
            nonce: nonceOf(bytes),
          });
    if (plain) return { ...entry, bytes: plain, isSealed: true };
    throw new LogError('CORRUPT', `The record ${entry.key} cannot be decrypted.`);
  }

  /** What the next record is sealed with. */
  private next(secret: string): SealParts {
    if (!this.current || this.counter === counterEnd) {
      const salt = Uint8Array.from(this.parts.random.bytes(saltBytes));
      this.current = { cipher: this.cipher, salt, key: this.keyOf(salt, secret) };
      this.counter = 0;
    }
    return { ...this.current, counter: this.counter++ };
  }

  private get cipher(): Cipher {
    if (this.parts.cipher) return this.parts.cipher;
    throw new KinesisError('InternalFailure', 'This engine was opened without a cipher.');
  }

  private keyOf(salt: Uint8Array, secret: string): object {
    const name = hexOf(salt);
    const known = this.keys.get(name);
    if (known) return known;
    const key = this.cipher.deriveKey(bytesOf(secret), salt);
    if (this.keys.size >= keysMax) this.keys.delete(this.keys.keys().next().value!);
    this.keys.set(name, key);
    return key;
  }
}

const isSealed = ({ bytes }: LogEntry): boolean => (bytes[0]! & sealedFlag) !== 0;

/** Room for `records`, each sealed; none for those that are passed over. */
function roomFor({ ends }: PackedRecords, lanes: readonly number[]): PackedRecords {
  let [start, at] = [0, 0];
  const into = ends.map((end, place) => {
    if (lanes[place] !== PASSED_OVER) at += end - start + sealBytes;
    start = end;
    return at;
  });
  return new PackedRecords(new Uint8Array(at), into);
}

interface SealParts {
  readonly cipher: Cipher;
  readonly key: object;
  readonly salt: Uint8Array;
  readonly counter: number;
}

/** Fills `target`, which has exactly the room. */
function seal(plain: Uint8Array, { target, parts }: { target: Uint8Array; parts: SealParts }) {
  const { cipher, key, salt, counter } = parts;
  target[0] = sealedFlag;
  target.set(salt, saltAt);
  new DataView(target.buffer, target.byteOffset).setUint32(counterAt, counter);
  target.set(cipher.seal(plain, { key, nonce: nonceOf(target) }), sealAt);
}

/** Eight zeros and the count. */
function nonceOf(head: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(12);
  nonce.set(head.subarray(counterAt, sealAt), 8);
  return nonce;
}

function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16),
  );
