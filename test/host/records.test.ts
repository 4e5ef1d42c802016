// One record of an open tail in the editor: a document, two compared, masked, decoded as pinned, linked to.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { WindowParts } from '../../src/extension/extension.ts';
import { formatLink } from '../../src/extension/links.ts';
import type { RecordOfTail } from '../../src/extension/records/recordDocuments.ts';
import { unpackTick } from '../../src/protocol/packedTick.ts';
import type { RecordRow, TailTick } from '../../src/protocol/tail.ts';
import { answering } from './support/prompts.ts';
import { theExtension, until, windowParts } from './support/window.ts';

const stream = 'letters';
const place = { connection: 'local', stream };
const datas = ['{"email":"ann@example.org","n":1}', '{"email":"ben@example.org","n":2}'];
const configuration = () => vscode.workspace.getConfiguration('shardscope');
const mask = (patterns: string[] | undefined) =>
  configuration().update('tail.mask', patterns, vscode.ConfigurationTarget.Global);
const documents = (): vscode.TextDocument[] =>
  vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === 'shardscope-record');
const tabs = (): vscode.Tab[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs);

describe('a record of a tail', () => {
  let parts: WindowParts;
  const ticks: TailTick[] = [];
  const base = (): string => `${vscode.env.uriScheme}://${theExtension().id}`;

  async function rows(): Promise<RecordRow[]> {
    const { tail, view } = ticks.at(-1)!;
    const page = await parts.worker.call('tailPage', { tail, from: view.first, count: 100 });
    return page.rows.filter((row) => row.kind === 'record');
  }

  async function record(index: number): Promise<RecordOfTail> {
    const { position, id } = (await rows())[index]!;
    return { ...place, tail: ticks.at(-1)!.tail, asked: { position, id } };
  }

  before(async () => {
    parts = await windowParts();
    await parts.engine.start();
    await parts.engine.admin('ensure-streams', { streams: [{ name: stream, shards: 1 }] });
    parts.worker.onTick((packed) => ticks.push(unpackTick(packed)));
    await vscode.commands.executeCommand('shardscope.tailStream', place);
    await until('live', () => ticks.at(-1)?.state === 'live');
    for (const data of datas) {
      await answering({ answers: [data, 'key'] }, () =>
        vscode.commands.executeCommand('shardscope.putRecord', place),
      );
    }
    await until('both records', () => ticks.at(-1)?.records.held === 2);
  });

  after(async () => {
    await mask(undefined);
    await parts.records.pins.set(place, []);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await parts.engine.admin('reset');
    await parts.engine.stop();
  });

  it('opens as a read-only document of its language, once', async () => {
    await parts.records.documents.open(await record(0));
    const [document] = documents();
    assert.equal(document?.languageId, 'json');
    assert.deepEqual(JSON.parse(document.getText()), JSON.parse(datas[0]!));
    assert.match(document.uri.path, /^\/letters …\d{4}\.json$/);
    await parts.records.documents.open(await record(0));
    assert.equal(documents().length, 1);
  });

  it('is compared with another in the editor, under a title that tells them apart', async () => {
    await assert.rejects(async () => parts.records.documents.compare(await record(1)), /Select/);
    await parts.records.documents.select(await record(0));
    await assert.rejects(async () => parts.records.documents.compare(await record(0)), /itself/);
    await parts.records.documents.compare(await record(1));
    const diff = await until('a diff', () =>
      tabs().find(({ input }) => input instanceof vscode.TabInputTextDiff),
    );
    assert.match(diff.label, /^letters …(\d{4}) ↔ letters …(?!\1)\d{4}$/);
    const { original, modified } = diff.input as vscode.TabInputTextDiff;
    const texts = await Promise.all(
      [original, modified].map(async (uri) =>
        (await vscode.workspace.openTextDocument(uri)).getText(),
      ),
    );
    assert.deepEqual(
      texts.map((text) => JSON.parse(text).n),
      [1, 2],
    );
  });

  it('is masked everywhere while masks are in force, open documents too', async () => {
    await mask(['email']);
    const open = (): string =>
      documents()
        .map((each) => each.getText())
        .join();
    await until('masked documents', () => open().includes('•••') && !open().includes('@'));
    assert.ok((await rows()).every(({ preview }) => preview.startsWith('{"email":"•••"')));
    assert.deepEqual(parts.records.masks.look?.patterns, 1);
    await vscode.commands.executeCommand('shardscope.toggleMasking');
    await until('all of it', () => open().includes('ann@example.org'));
    assert.equal(parts.records.masks.look, undefined);
    await vscode.commands.executeCommand('shardscope.toggleMasking');
    await until('masked again', () => !open().includes('@'));
    assert.ok((await rows()).every(({ preview }) => !preview.includes('@')));
  });

  it('says which masks cannot be read, and what to do without any', async () => {
    const wrong = await answering({}, async () => {
      await mask(['email', '/(/']);
      await until('revision', async () => parts.records.masks.look?.patterns === 2);
      await rows();
    });
    assert.match(wrong.messages.join(), /Not all that shardscope\.tail\.mask names is hidden/);
    await mask(undefined);
    await until('none', () => parts.records.masks.look === undefined);
    const none = await answering({}, () =>
      vscode.commands.executeCommand('shardscope.toggleMasking'),
    );
    assert.match(none.messages.join(), /nothing to hide/);
  });

  it('is decoded as its stream is pinned, also in a tail that is opened later', async () => {
    await answering({ answers: ['Hexadecimal'] }, () =>
      vscode.commands.executeCommand('shardscope.decodeAs', place),
    );
    await until('hexadecimal', async () => (await rows())[0]?.preview.startsWith('7b 22'));
    const bounds = { rowsMax: 1000, bytesMax: 2 ** 20, windowBytesMax: 2 ** 28 };
    await vscode.window.tabGroups.close(tabs().filter(({ label }) => label === stream));
    const start = { type: 'TRIM_HORIZON' } as const;
    const pinned = parts.records.pins.of(place);
    assert.deepEqual(pinned, ['hex']);
    const asked = { ...place, start, pinned, ...bounds };
    const { tail } = await parts.worker.call('openTail', asked);
    await until('the rows', () => ticks.at(-1)?.tail === tail && ticks.at(-1)?.records.held === 2);
    assert.match((await rows())[0]!.preview, /^7b 22/);
    await parts.worker.call('closeTail', { tail });
    await answering({ answers: ['Automatic'] }, () =>
      vscode.commands.executeCommand('shardscope.decodeAs', place),
    );
    assert.deepEqual(parts.records.pins.of(place), []);
  });

  const follow = (link: string, buttons: string[] = []) =>
    answering({ buttons }, () => parts.links.handleUri(vscode.Uri.parse(link, true)));

  it('is led to by a link, whose filter may have any signs', async () => {
    ticks.length = 0;
    const filter = '$.n > 1 or "100 % & = #"';
    const start = { type: 'TRIM_HORIZON' } as const;
    await follow(formatLink(base(), { ...place, start, filter }));
    const tick = await until('the rows', () =>
      ticks.find(({ records }) => records.held === 2 && records.matching === 1),
    );
    assert.equal(tick.filter, filter);
    ticks.length = 0;
    await follow(formatLink(base(), { ...place, start, filter: '' }));
    await until('all rows in the same tab', () =>
      ticks.find(({ records, filter: now }) => records.matching === 2 && now === ''),
    );
    await until('one tab', () => tabs().filter(({ label }) => label === stream).length === 1);
  });

  it('is led to in the tail that holds it, also from another tab, and the rows stay', async () => {
    const { sequenceNumber } = (await rows())[0]!;
    const { tail, generation } = ticks.at(-1)!;
    const start = { type: 'AT_SEQUENCE_NUMBER', sequenceNumber } as const;
    await follow(formatLink(base(), { ...place, start, filter: '' }));
    await vscode.commands.executeCommand('workbench.action.files.newUntitledFile');
    ticks.length = 0;
    await follow(formatLink(base(), { ...place, start, filter: 'ann' }));
    await until('the filter, in the same rows', () =>
      ticks.find(({ filter, records }) => filter === 'ann' && records.matching === 1),
    );
    // A filter makes one generation, and a start anew another.
    assert.deepEqual(
      [ticks.at(-1)!.tail, ticks.at(-1)!.generation, ticks.at(-1)!.start.type],
      [tail, generation + 1, 'TRIM_HORIZON'],
    );
  });

  it('is chosen anew by another clock where the filter has a time without a zone', async () => {
    const { tail } = ticks.at(-1)!;
    const changed = async (text: string, timeZone: string): Promise<number> => {
      await parts.worker.call('filterTail', { tail, text });
      const asked = await until(text, () => ticks.at(-1)!.filter === text && ticks.at(-1));
      await configuration().update('tail.timeZone', timeZone, vscode.ConfigurationTarget.Global);
      // What the window does about it is asked of the worker before this.
      await parts.worker.call('tailPositionAt', { tail, timestampMs: 0 });
      return ticks.at(-1)!.generation - asked.generation;
    };
    try {
      assert.equal(await changed('arrived>00:00', 'utc'), 1);
      assert.equal(await changed('arrived>2026-01-01T00:00Z', 'local'), 0);
      assert.equal(await changed('arrived>2026-01-01', 'utc'), 1);
    } finally {
      await configuration().update('tail.timeZone', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('is not led to by a link that is wrong, unknown, or not wanted', async () => {
    const before = tabs().length;
    const said = async (link: string) => (await follow(link)).messages.join();
    assert.match(
      await said(`${base()}/putRecord?connection=local&stream=x`),
      /not opened: it leads/,
    );
    assert.match(
      await said(`${base()}/stream?connection=aws:nobody&stream=flights`),
      /no connection "nobody"/,
    );
    const connections = [{ name: 'linked', region: 'eu-west-1', endpoint: 'http://127.0.0.1:9' }];
    await configuration().update('connections', connections, vscode.ConfigurationTarget.Global);
    try {
      const link = `${base()}/stream?connection=aws:linked&stream=flights&filter=x`;
      assert.match(await said(link), /wants to open stream flights of linked \(eu-west-1\)/);
      assert.equal(tabs().length, before);
      await follow(link, ['Open']);
      await until('its tab', () => tabs().some(({ label }) => label === 'flights'));
      assert.equal(parts.connections.find('aws:linked')?.writable, false);
    } finally {
      await configuration().update('connections', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
