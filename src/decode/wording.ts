/** How reports word sizes and bytes. */

/** `189 B`, `1.5 KiB`, `2.0 MiB` */
export function sizeOf(byteCount: number): string {
  if (byteCount < 1024) return `${byteCount} B`;
  if (byteCount < 1024 * 1024) return `${(byteCount / 1024).toFixed(1)} KiB`;
  return `${(byteCount / 1024 / 1024).toFixed(1)} MiB`;
}

/** `1 byte`, `5 bytes` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `begins with 7b 22, not 1f 8b` */
export function beginsOtherwise(data: Uint8Array, magic: string): string {
  const count = Math.ceil(magic.length / 3);
  const found = Array.from(data.subarray(0, count), (byte) => byte.toString(16).padStart(2, '0'));
  return found.length < count
    ? `is shorter than ${magic}`
    : `begins with ${found.join(' ')}, not ${magic}`;
}
