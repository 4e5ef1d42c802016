/** Network namespaces: processes on one file system that cannot reach each other, as two machines or containers. */
import { execFileSync } from 'node:child_process';
import { messageOf } from '../../src/base/errors.ts';

/** Throws a sentence on what is missing where namespaces are not permitted. */
export function checkNamespaces(): void {
  try {
    execFileSync('unshare', ['--net', 'true'], { stdio: 'pipe' });
    execFileSync('ip', ['-V'], { stdio: 'pipe' });
    execFileSync('nsenter', ['--version'], { stdio: 'pipe' });
  } catch (error) {
    throw new Error(
      'This test needs network namespaces: unshare, nsenter and ip, and the right to use them (root, or ' +
        `CAP_SYS_ADMIN in a container). ${messageOf(error)}`,
    );
  }
}

/** The command that runs `argv` in a new namespace with a loopback of its own; its pid is the command's. */
export function inNewNamespace(argv: readonly string[]): [command: string, args: string[]] {
  return ['unshare', ['--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...argv]];
}

/** The command that runs `argv` in the namespace of the process `pid`. */
export function inNamespaceOf(pid: number, argv: readonly string[]): [string, string[]] {
  return ['nsenter', [`--net=/proc/${pid}/ns/net`, ...argv]];
}
