/** Keys that signatures are made with, one for each day, region and secret; kept in memory only. */
import { createHmac } from 'node:crypto';
import type { AccessKey } from './accessKey.ts';

/** Regions and days are the caller's to choose: what is kept must not grow with them. */
export const signingKeysMax = 256;

export interface SigningScope {
  /** `20260101` */
  readonly date: string;
  readonly region: string;
}

export class SigningKeys {
  private readonly made = new Map<string, Buffer>();

  get count(): number {
    return this.made.size;
  }

  of({ accessKeyId, secretAccessKey }: AccessKey, { date, region }: SigningScope): Buffer {
    const name = `${accessKeyId}/${date}/${region}`;
    const known = this.made.get(name);
    if (known) return known;
    const ofDay = hmac(`AWS4${secretAccessKey}`, date);
    const made = hmac(hmac(hmac(ofDay, region), 'kinesis'), 'aws4_request');
    if (this.made.size >= signingKeysMax) this.made.delete(this.made.keys().next().value!);
    this.made.set(name, made);
    return made;
  }
}

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();
