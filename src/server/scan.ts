/** What every encoding needs to find things in the bytes of a body. Nothing is found behind their end. */

/** No place in a body. */
export const NOWHERE = -1;

/** Whether `name` stands at `at`. */
export function stands(name: Uint8Array, body: Uint8Array, at: number): boolean {
  if (at + name.length > body.length) return false;
  for (let i = 0; i < name.length; i++) if (body[at + i] !== name[i]) return false;
  return true;
}
