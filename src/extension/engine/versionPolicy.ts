/** Decides whether a window may use an engine that somebody else started, of another version perhaps. */
import { adminProtocol, type EngineStatus } from '../../admin/adminApi.ts';

export type VersionDecision =
  | { readonly type: 'use' }
  /** Nobody else uses it and it is older: stop it and start ours. */
  | { readonly type: 'replace' }
  | { readonly type: 'refuse'; readonly reason: string };

/** True when version `a` is lower than `b`, by their numbers. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split(/[.+-]/).map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (left?.[i] || 0) - (right?.[i] || 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** `own`: the version of this window's extension. */
export function decideOnEngine(status: EngineStatus, own: string): VersionDecision {
  const older = isOlder(status.version, own);
  const isIdle = status.windowCount === 0;
  if (older && isIdle) return { type: 'replace' };
  if (status.protocol === adminProtocol) return { type: 'use' };
  const next = older
    ? 'Reload the windows that use it, so that they bring the newer one.'
    : 'Update the extension in this window.';
  return {
    type: 'refuse',
    reason:
      `The engine at ${status.endpoint} is version ${status.version} and is used by ` +
      `${status.windowCount} other window(s); this window has version ${own} and cannot ` +
      `speak with it. ${next}`,
  };
}
