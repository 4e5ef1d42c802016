/**
 * Gives each drawn position an element to be drawn in, and keeps it there while it is drawn: rows that
 * come into sight take over the elements of rows that left it.
 */
import type { TailMove } from '../../src/protocol/tail.ts';
import { movedPosition } from './viewport.ts';

export class RowSlots {
  private slots = new Map<number, number>();
  private count = 0;

  /** The slot of every position of `positions`, in their order. */
  assign(positions: readonly number[]): number[] {
    const next = new Map<number, number>();
    for (const position of positions) {
      const slot = this.slots.get(position);
      if (slot !== undefined) next.set(position, slot);
    }
    const free = this.freeSlots(new Set(next.values()));
    for (const position of positions) {
      if (!next.has(position)) next.set(position, free.pop() ?? this.count++);
    }
    this.slots = next;
    return positions.map((position) => next.get(position) ?? 0);
  }

  /** Rows came to stand before others: each keeps its element. */
  move(moves: readonly TailMove[]): void {
    const moved = [...this.slots].map(
      ([position, slot]) => [movedPosition(position, moves), slot] as const,
    );
    this.slots = new Map(moved);
  }

  private freeSlots(taken: Set<number>): number[] {
    return [...this.slots.values()].filter((slot) => !taken.has(slot));
  }
}
