/** A file system whose next change of some kind waits for the test. */
import { FaultyFiles } from './faultyFiles.ts';
import type { Operation } from './memoryFiles.ts';

export class HeldFiles extends FaultyFiles {
  private holding: { isMet: (operation: Operation) => boolean; until: Promise<void> } | undefined;

  /** Holds the next change that `isMet`; the result lets it go. */
  holdNext(isMet: (operation: Operation) => boolean): () => void {
    let letGo = (): void => undefined;
    const until = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    this.holding = { isMet, until };
    return letGo;
  }

  protected override async change(operation: Operation): Promise<void> {
    const { holding } = this;
    if (holding?.isMet(operation)) {
      this.holding = undefined;
      await holding.until;
    }
    return super.change(operation);
  }
}
