/** The decoder of a stream for which nothing was pinned. */
import { chainOf } from './chain.ts';

/** KPL aggregates, gzip, zlib, Base64 of these, JSON, UTF-8 text, else bytes in hexadecimal. */
export const plainDecoder = chainOf();
