/** Bytes in hexadecimal, for data that nothing else reads: it reads everything. */
import type { Content } from './content.ts';
import { isUnread } from './kpl.ts';
import type { Asked, Leaf, Page, Shown } from './leaf.ts';

export const hex: Leaf = { name: 'hex', format: 'binary', isProof: false, line, page };

function line({ data, isPart }: Content, { charactersMax }: Asked): Shown {
  const shown = hexLine(data, charactersMax);
  // No text begins with what is no text, however it goes on.
  const isByBeginning = isPart || isUnread(data);
  return { text: shown.text, isCut: shown.isCut || isPart, isByBeginning };
}

function page({ data, isPart }: Content, { charactersMax, isPinned }: Asked): Page {
  const dump = hexDump(data, charactersMax);
  const why = isPinned ? 'any bytes can be shown so' : 'nothing else reads it';
  return { outcome: 'read', text: dump.text, isCut: dump.isCut || isPart, why };
}

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `89 50 4e 47`, at most `charactersMax` characters. */
function hexLine(data: Uint8Array, charactersMax: number): Shown {
  const count = Math.min(data.length, Math.floor((charactersMax + 1) / 3));
  let text = count > 0 ? digits[data[0]!]! : '';
  for (let at = 1; at < count; at++) text += ` ${digits[data[at]!]}`;
  return { text, isCut: count < data.length };
}

/** Lines of sixteen bytes with their place and what is printable, at most `charactersMax` characters. */
function hexDump(data: Uint8Array, charactersMax: number): Shown {
  const lines: string[] = [];
  const perLine = 78;
  const bytesShown = Math.min(data.length, Math.floor(charactersMax / perLine) * 16);
  for (let at = 0; at < bytesShown; at += 16) {
    const row = data.subarray(at, Math.min(at + 16, bytesShown));
    const codes = Array.from(row, (byte) => digits[byte]).join(' ');
    const shown = Array.from(row, (byte) =>
      byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.',
    ).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${codes.padEnd(47)}  ${shown}`);
  }
  return { text: lines.join('\n'), isCut: bytesShown < data.length };
}
