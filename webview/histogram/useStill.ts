/** What a screen reader is told of something that has the focus stands still: else each tick would be spoken. */
import { useRef } from 'preact/hooks';

/** `value` as it was last while `isHeld`, anew whenever `about` is another. */
export function useStill<T>(
  value: T,
  { isHeld, about }: { readonly isHeld: boolean; readonly about: unknown },
): T {
  const told = useRef({ value, about });
  if (!isHeld || told.current.about !== about) told.current = { value, about };
  return told.current.value;
}
