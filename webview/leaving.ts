/** Tells the host that the user does something while the panel is to be led somewhere: it is not led away from that. */
import type { Disposable } from '../src/base/disposable.ts';
import type { Host } from './state/host.ts';

const deeds = ['pointerdown', 'wheel', 'keydown'] as const;

export function tellLeaving(host: Host): Disposable {
  const told = (): void => {
    unwatch();
    void host.call('left', {}).catch(() => undefined);
  };
  const watch = (): void => {
    for (const deed of deeds) document.addEventListener(deed, told, { capture: true });
  };
  const unwatch = (): void => {
    for (const deed of deeds) document.removeEventListener(deed, told, { capture: true });
  };
  const owing = host.on('owes', watch);
  const leading = host.on('reveal', unwatch);
  return {
    dispose: () => {
      unwatch();
      owing.dispose();
      leading.dispose();
    },
  };
}
