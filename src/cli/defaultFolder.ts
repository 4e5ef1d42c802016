/** Where an engine keeps its data when nothing else is said. */
import path from 'node:path';

export interface Machine {
  readonly platform: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `$XDG_DATA_HOME/shardscope` or `~/.local/share/shardscope`; the system's own place elsewhere. */
export function defaultFolder({ platform, home, env }: Machine): string {
  if (platform === 'win32') {
    return path.join(env.LOCALAPPDATA || path.join(home, 'AppData', 'Local'), 'shardscope');
  }
  if (env.XDG_DATA_HOME) return path.join(env.XDG_DATA_HOME, 'shardscope');
  if (platform === 'darwin') return path.join(home, 'Library/Application Support/shardscope');
  return path.join(home, '.local/share/shardscope');
}
