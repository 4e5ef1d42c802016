/** The frames of HTTP/2 (RFC 9113), as they are read and written; knows nothing of connections. */

export const frameTypes = {
  data: 0,
  headers: 1,
  priority: 2,
  resetStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** `ack` is of SETTINGS and PING. */
export const flags = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const;

export const settingIds = {
  push: 2,
  maxStreams: 3,
  window: 4,
  frameSize: 5,
  headersSize: 6,
} as const;

export const errorCodes = {
  none: 0,
  protocol: 1,
  internal: 2,
  flowControl: 3,
  streamClosed: 5,
  frameSize: 6,
  refused: 7,
  cancel: 8,
  compression: 9,
  calm: 11,
} as const;

/** What a client did that ends its connection. */
export class ConnectionError extends Error {
  override readonly name: string = 'ConnectionError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** A header block that cannot be read. */
export class CompressionError extends ConnectionError {
  override readonly name = 'CompressionError';

  constructor() {
    super(errorCodes.compression, 'a header block cannot be read');
  }
}

export const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
export const headBytes = 9;
/** Longest payload that either side takes if it does not say otherwise. */
export const payloadBytesMin = 16_384;
/** What either side may send before it is told that it may send more, likewise. */
export const windowBytesFirst = 65_535;
export const windowBytesMax = 2 ** 31 - 1;

export interface FrameHead {
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
}

/** One character for each byte: short frames are put together as text, which costs least. */
export const headText = ({ length, type, flags: bits, stream }: FrameHead): string =>
  String.fromCharCode(
    length >>> 16,
    (length >>> 8) & 0xff,
    length & 0xff,
    type,
    bits,
    stream >>> 24,
    (stream >>> 16) & 0xff,
    (stream >>> 8) & 0xff,
    stream & 0xff,
  );

export function writeHead(into: Buffer, at: number, head: FrameHead): void {
  into.writeUIntBE(head.length, at, 3);
  into[at + 3] = head.type;
  into[at + 4] = head.flags;
  into.writeUInt32BE(head.stream, at + 5);
}

/** A number of four bytes. */
export const wordText = (value: number): string =>
  String.fromCharCode(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);

/** A frame of another kind than DATA and HEADERS. */
export function controlFrame(
  type: number,
  { bits = 0, stream = 0, payload = '' }: { bits?: number; stream?: number; payload?: string },
): string {
  return headText({ length: payload.length, type, flags: bits, stream }) + payload;
}

export const windowUpdate = (stream: number, bytes: number): string =>
  controlFrame(frameTypes.windowUpdate, { stream, payload: wordText(bytes) });

export const resetStream = (stream: number, code: number): string =>
  controlFrame(frameTypes.resetStream, { stream, payload: wordText(code) });

export const goAway = (lastStream: number, code: number): string =>
  controlFrame(frameTypes.goAway, { payload: wordText(lastStream) + wordText(code) });

/** By their ids. */
export function settingsFrame(settings: Readonly<Record<number, number>>): string {
  const payload = Object.entries(settings).map(
    ([id, value]) => String.fromCharCode(0, Number(id)) + wordText(value),
  );
  return controlFrame(frameTypes.settings, { payload: payload.join('') });
}
