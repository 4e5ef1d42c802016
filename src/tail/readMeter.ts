/** What reading takes of a shard: calls and bytes a second, over the last ten seconds. */

const secondsMax = 10;

export interface ReadRate {
  readonly callsPerSecond: number;
  readonly bytesPerSecond: number;
}

export class ReadMeter {
  private readonly numbers = new Float64Array(secondsMax).fill(Number.NEGATIVE_INFINITY);
  private readonly calls = new Float64Array(secondsMax);
  private readonly bytes = new Float64Array(secondsMax);
  private firstNumber: number | undefined;

  /** Something was taken at `atMs` of a clock that never falls. */
  add(atMs: number, { calls = 0, bytes = 0 }: { calls?: number; bytes?: number }): void {
    const number = Math.floor(atMs / 1000);
    const slot = number % secondsMax;
    this.firstNumber ??= number;
    if (this.numbers[slot] !== number) {
      this.numbers[slot] = number;
      this.calls[slot] = 0;
      this.bytes[slot] = 0;
    }
    this.calls[slot]! += calls;
    this.bytes[slot]! += bytes;
  }

  rate(atMs: number): ReadRate {
    const last = Math.floor(atMs / 1000);
    const seconds = Math.min(secondsMax, last - (this.firstNumber ?? last) + 1);
    let calls = 0;
    let bytes = 0;
    for (let slot = 0; slot < secondsMax; slot++) {
      if (this.numbers[slot]! <= last - secondsMax) continue;
      calls += this.calls[slot]!;
      bytes += this.bytes[slot]!;
    }
    return { callsPerSecond: calls / seconds, bytesPerSecond: bytes / seconds };
  }
}
