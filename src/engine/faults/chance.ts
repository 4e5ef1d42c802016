/** Chance that repeats from its seed (mulberry32). Never used for anything that must not be guessed. */

export class Chance {
  private state: number;

  /** `seed`: 0 to 2^32 - 1. */
  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** True with `probability`, 0 to 1. */
  draw(probability: number): boolean {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 < probability;
  }
}
