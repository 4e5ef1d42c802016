/**
 * Imports under way, each with who makes it: one that is given nothing for a while, because that one is
 * gone, is taken back. A restore ends them all.
 */
import {
  type ImportedCount,
  type ImportPlan,
  importLeaseMs,
  importsMax,
  type RecordBatch,
  type StreamImportApi,
} from '../admin/streamImport.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { type Random, randomHex } from '../base/random.ts';
import { invalidArgument, KinesisError, limitExceeded } from '../kinesis/errors.ts';
import type { Engine } from './engine.ts';
import type { EngineSlot } from './engineSlot.ts';
import type { StreamImport } from './streamImports.ts';

export interface LeaseParts {
  readonly slot: EngineSlot;
  /** The machine's: the engine's may be moved meanwhile. */
  readonly machine: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

interface Lease {
  readonly import: StreamImport;
  /** Which it began on. */
  readonly engine: Engine;
  timer: Disposable | undefined;
}

export class ImportLeases implements StreamImportApi, Disposable {
  private readonly parts: LeaseParts;
  private readonly leases = new Map<string, Lease>();
  /** Being begun. */
  private beginning = 0;

  constructor(parts: LeaseParts) {
    this.parts = parts;
  }

  async beginImport(plan: ImportPlan): Promise<{ id: string }> {
    return this.parts.slot.run(async (engine) => {
      this.forgetOthers(engine);
      if (this.leases.size + this.beginning >= importsMax) throw tooMany();
      this.beginning += 1;
      try {
        const begun = await engine.whileImporting((imports) => imports.begin(plan));
        const id = randomHex(this.parts.random, 8);
        this.leases.set(id, { import: begun, engine, timer: this.watch(id) });
        return { id };
      } finally {
        this.beginning -= 1;
      }
    });
  }

  addRecords({ id, stream, records }: RecordBatch): Promise<void> {
    return this.during(id, (lease) =>
      lease.engine.whileImporting((imports) => imports.add(lease.import, { stream, records })),
    );
  }

  finishImport(id: string): Promise<{ imported: ImportedCount[] }> {
    return this.during(id, async (lease) => {
      const imported = await lease.engine.whileImporting((imports) => imports.finish(lease.import));
      this.forget(id);
      return { imported };
    });
  }

  cancelImport(id: string): Promise<void> {
    return this.during(id, async (lease) => {
      this.forget(id);
      await lease.engine.whileImporting((imports) => imports.cancel(lease.import));
    });
  }

  /** Watches no more; what is under way is removed at the next start. */
  dispose(): void {
    for (const { timer } of this.leases.values()) timer?.dispose();
    this.leases.clear();
  }

  /** One step at a time; nobody is taken to be gone during it. */
  private during<T>(id: string, step: (lease: Lease) => Promise<T>): Promise<T> {
    return this.parts.slot.run(async (engine) => {
      this.forgetOthers(engine);
      const lease = this.leases.get(id);
      if (!lease) throw noImport();
      if (!lease.timer)
        throw invalidArgument('Another step of this import is under way; wait for it.');
      lease.timer.dispose();
      lease.timer = undefined;
      try {
        return await step(lease);
      } finally {
        if (this.leases.has(id)) lease.timer ??= this.watch(id);
      }
    });
  }

  private watch(id: string): Disposable {
    const { machine, logger } = this.parts;
    return machine.schedule(importLeaseMs, () => {
      logger.warn(`An import got nothing for ${importLeaseMs / 1000} s and is taken back.`);
      this.cancelImport(id).catch((error: unknown) => {
        logger.warn(`taking back an import: ${messageOf(error)}`);
      });
    });
  }

  /** Those of an engine that a restore has replaced. */
  private forgetOthers(engine: Engine): void {
    for (const [id, lease] of this.leases) if (lease.engine !== engine) this.forget(id);
  }

  private forget(id: string): void {
    this.leases.get(id)?.timer?.dispose();
    this.leases.delete(id);
  }
}

const tooMany = (): KinesisError =>
  limitExceeded(`${importsMax} imports are under way; wait until one of them has ended.`);

const noImport = (): KinesisError =>
  new KinesisError(
    'ResourceNotFoundException',
    'There is no such import: it has ended, got nothing for too long, or the engine was restored. ' +
      'Nothing of it is left; begin again.',
  );
