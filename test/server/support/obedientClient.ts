// A client of HTTP/2 that sends bodies as fast as it may, in an order of a test's own, and never faster.
import { frame, opening, setting, word } from '../../support/http2Frames.ts';
import { Http2Client } from './rawHttp2.ts';

export interface Upload {
  readonly stream: number;
  /** What is left of the body. */
  rest: Buffer;
  /** What the server takes. */
  window: number;
}

export class ObedientClient extends Http2Client {
  readonly uploads = new Map<number, Upload>();
  /** What the server takes on all streams. */
  window = 65_535;
  private firstWindow = 65_535;
  private seen = 0;

  constructor(port: number) {
    super(port, opening(setting(4, 2 ** 31 - 1)));
    this.send(frame({ type: 8, payload: word(2 ** 30) }));
  }

  begin(stream: number, { block, body }: { block: Buffer; body: Buffer }): void {
    this.hear();
    this.uploads.set(stream, { stream, rest: body, window: this.firstWindow });
    this.send(frame({ type: 1, flags: 4, stream, payload: block }));
  }

  /** Sends DATA of `bytes` at most; false: it may send nothing. `padding`: below zero for none. */
  step(upload: Upload, { bytes, padding = -1 }: { bytes: number; padding?: number }): boolean {
    this.hear();
    const extra = padding + 1;
    const room = Math.min(this.window, upload.window) - extra;
    const count = Math.min(bytes, room, upload.rest.length, 16_384 - extra);
    if (count <= 0) return false;
    const part = upload.rest.subarray(0, count);
    upload.rest = upload.rest.subarray(count);
    const isEnd = upload.rest.length === 0;
    if (isEnd) this.uploads.delete(upload.stream);
    const pads = extra > 0 ? [Buffer.from([padding]), part, Buffer.alloc(padding)] : [part];
    const flags = (isEnd ? 1 : 0) | (extra > 0 ? 8 : 0);
    const payload = Buffer.concat(pads);
    this.send(frame({ type: 0, flags, stream: upload.stream, payload }));
    this.window -= payload.length;
    upload.window -= payload.length;
    return true;
  }

  /** Takes a request back. */
  reset({ stream }: Upload): void {
    this.uploads.delete(stream);
    this.send(frame({ type: 3, stream, payload: word(8) }));
  }

  /** What the server has said since. */
  private hear(): void {
    for (; this.seen < this.frames.length; this.seen++) {
      const { type, flags, stream, payload } = this.frames[this.seen]!;
      const bytes = payload as Buffer;
      if (type === 8 && stream === 0) this.window += bytes.readUInt32BE();
      const upload = this.uploads.get(stream);
      if (type === 8 && upload) upload.window += bytes.readUInt32BE();
      if (type === 3) this.uploads.delete(stream);
      if (type === 4 && (flags & 1) === 0) this.settings(bytes);
    }
  }

  private settings(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += 6) {
      if (bytes.readUInt16BE(at) !== 4) continue;
      const window = bytes.readUInt32BE(at + 2);
      for (const upload of this.uploads.values()) upload.window += window - this.firstWindow;
      this.firstWindow = window;
    }
  }
}
