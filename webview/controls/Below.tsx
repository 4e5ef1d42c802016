/** A surface right under an element and as wide, over all else; it leaves the focus where it is. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import './below.css';

export interface BelowProps {
  readonly anchor: HTMLElement;
  readonly children: ComponentChildren;
}

const gapPx = 2;
const widthMinPx = 300;

function place(surface: HTMLElement, anchor: HTMLElement): void {
  const { left, bottom, width: anchorWidth } = anchor.getBoundingClientRect();
  const width = Math.min(Math.max(anchorWidth, widthMinPx), innerWidth - gapPx);
  surface.style.left = `${Math.max(0, Math.min(left, innerWidth - width - gapPx))}px`;
  surface.style.top = `${bottom + gapPx}px`;
  surface.style.width = `${width}px`;
  surface.style.maxHeight = `${Math.max(0, innerHeight - bottom - 2 * gapPx)}px`;
}

export function Below({ anchor, children }: BelowProps) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const surface = ref.current;
    if (!surface) return undefined;
    surface.showPopover();
    const follow = (): void => place(surface, anchor);
    follow();
    const observer = new ResizeObserver(follow);
    observer.observe(anchor);
    addEventListener('resize', follow);
    return () => {
      observer.disconnect();
      removeEventListener('resize', follow);
    };
  }, [anchor]);
  return (
    <div ref={ref} popover="manual" class="below">
      {children}
    </div>
  );
}
