/**
 * Opens what a link from outside leads to. It reads and nothing else: no connection is made, nothing is written, and
 * before AWS is asked, or a process started, the user is.
 */
import * as vscode from 'vscode';
import type { App } from './app.ts';
import { type ConnectionInfo, connectionPhrase } from './connections/connection.ts';
import { parseLink, type StreamLink } from './links.ts';
import { UserError } from './messages.ts';

export class LinkHandler implements vscode.UriHandler {
  private readonly app: App;

  constructor(app: App) {
    this.app = app;
  }

  /** Never rejects: what is wrong with a link is told. */
  async handleUri(uri: vscode.Uri): Promise<void> {
    try {
      await this.open(parseLink(uri));
    } catch (thrown) {
      this.app.messages.error(thrown);
    }
  }

  private async open(link: StreamLink | string): Promise<void> {
    if (typeof link === 'string') throw new UserError(`The link was not opened: ${link}.`);
    const { connections, panels, engine } = this.app;
    const info = connections.find(link.connection);
    if (!info) {
      const name = link.connection.replace(/^aws:/, '');
      throw new UserError(
        `The link was not opened: this window has no connection "${name}". Add one of that name if you trust the link.`,
      );
    }
    if (info.kind === 'aws' || engine.state.type !== 'running') await ask(link, info);
    panels.showLink(link, { start: link.start, filter: link.filter });
  }
}

/** Rejects with a CancellationError when the user does not agree. */
async function ask({ stream, filter }: StreamLink, info: ConnectionInfo): Promise<void> {
  const isAws = info.kind === 'aws';
  const what = isAws
    ? 'Records are read with your credentials; AWS may charge for it, and other consumers share the limit of reads.'
    : 'The local engine is not running and is started for it.';
  const filtered = filter === '' ? '' : ` The link filters by: ${filter}`;
  const agreed = await vscode.window.showWarningMessage(
    `A link wants to open stream ${stream} of ${connectionPhrase(info)}.`,
    { modal: true, detail: `${what}${filtered}` },
    'Open',
  );
  if (agreed !== 'Open') throw new vscode.CancellationError();
}
