/** Tells how many pixels of the screen make one of the page, now and whenever a zoom or another screen changes that. */
export function watchPixelRatio(told: (ratio: number) => void): () => void {
  let query: MediaQueryList | undefined;
  const look = (): void => {
    query?.removeEventListener('change', look);
    // It holds for this ratio alone.
    query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    query.addEventListener('change', look);
    told(devicePixelRatio);
  };
  // Comes before the browser says that it scrolled what it can no longer hold.
  addEventListener('resize', look);
  look();
  return () => {
    query?.removeEventListener('change', look);
    removeEventListener('resize', look);
  };
}
