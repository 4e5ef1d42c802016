/** A value that tells who looks when it changed. It knows nothing of what draws it. */
import type { Disposable } from '../../src/base/disposable.ts';
import { Emitter } from '../../src/base/emitter.ts';

export class Store<T extends object> {
  private value: T;
  private readonly changed = new Emitter<T>();

  constructor(value: T) {
    this.value = value;
  }

  get(): T {
    return this.value;
  }

  /** Replaces members; says nothing when none of them is another than before. */
  update(patch: Partial<T>): void {
    const keys = Object.keys(patch) as (keyof T)[];
    if (keys.every((key) => Object.is(patch[key], this.value[key]))) return;
    this.value = { ...this.value, ...patch };
    this.changed.fire(this.value);
  }

  subscribe(listener: (value: T) => void): Disposable {
    return this.changed.event(listener);
  }
}
