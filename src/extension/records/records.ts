/** What a window does with single records: documents of them, how they are decoded, what of them is hidden. */
import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { PanelLook } from '../../protocol/record.ts';
import type { Messages } from '../messages.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';
import type { WorkerThread } from '../worker/workerThread.ts';
import { Masks } from './masks.ts';
import { Pins } from './pins.ts';
import { RecordDocuments, recordScheme } from './recordDocuments.ts';

export interface RecordsParts {
  readonly worker: WorkerThread;
  readonly messages: Messages;
  /** Keeps what is pinned over sessions. */
  readonly memory: vscode.Memento;
}

export class Records implements Disposable {
  readonly documents: RecordDocuments;
  readonly masks: Masks;
  readonly pins: Pins;
  private readonly changed = new Emitter<void>();
  private readonly listening: Disposable[];

  /** Panels are to be told how they look now. */
  readonly onLook = this.changed.event;

  constructor({ worker, messages, memory }: RecordsParts) {
    this.documents = new RecordDocuments(worker);
    this.masks = new Masks(worker, messages);
    this.pins = new Pins(memory);
    this.listening = [
      this.masks.onChange(() => {
        this.documents.refresh();
        this.changed.fire();
      }),
      this.documents.onSelected(() => this.changed.fire()),
      vscode.workspace.registerTextDocumentContentProvider(recordScheme, this.documents),
      this.documents,
      this.masks,
    ];
  }

  look(place: StreamPlace): PanelLook {
    const { selected } = this.documents;
    return { selected, mask: this.masks.look, pinned: this.pins.of(place) };
  }

  dispose(): void {
    for (const listening of this.listening) listening.dispose();
  }
}
