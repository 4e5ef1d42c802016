/** Keys that signatures are made with, one for each day, region and secret; kept in memory only. */
import type { AccessKey } from './accessKey.ts';
import { Hmac } from './hmac.ts';

/** Regions and days are the caller's to choose: what is kept must not grow with them. */
export const signingKeysMax = 256;

export interface SigningScope {
  /** `20260101` */
  readonly date: string;
  readonly region: string;
}

export class SigningKeys {
  private readonly made = new Map<string, Hmac>();

  get count(): number {
    return this.made.size;
  }

  of({ accessKeyId, secretAccessKey }: AccessKey, { date, region }: SigningScope): Hmac {
    const name = `${accessKeyId}/${date}/${region}`;
    const known = this.made.get(name);
    if (known) return known;
    const secret = new Hmac(Buffer.from(`AWS4${secretAccessKey}`));
    const parts = [date, region, 'kinesis', 'aws4_request'];
    const made = parts.reduce((key, part) => new Hmac(key.bytes(part)), secret);
    if (this.made.size >= signingKeysMax) this.made.delete(this.made.keys().next().value!);
    this.made.set(name, made);
    return made;
  }
}
