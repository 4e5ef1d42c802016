/** Saves what clients must trust to speak TLS with the local engine, as a file that they can be given. */
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { failure } from '../messages.ts';
import { engineWork, needEngine } from './engineWork.ts';

const fileName = 'shardscope-ca.pem';
const title = 'Save Certificate of Local Engine';

export const saveCertificate: Command = {
  id: 'shardscope.saveCertificate',
  async run(app, argument) {
    await needEngine(app, argument, title);
    const { certificate } = await engineWork(app, {
      title: 'Making the certificate of the local engine',
      failed: 'There is no certificate to save',
      run: (engine) => engine.certificate(),
    });
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
    const defaultUri = vscode.Uri.joinPath(folder, fileName);
    const filters = { Certificates: ['pem', 'crt'] };
    const chosen = await vscode.window.showSaveDialog({ title, defaultUri, filters });
    if (!chosen) return;
    try {
      await vscode.workspace.fs.writeFile(chosen, Buffer.from(certificate));
    } catch (thrown) {
      throw failure('The certificate was not saved', thrown);
    }
    app.messages.info(
      `The certificate of the local engine is saved as ${chosen.fsPath}. Clients trust it by ` +
        'NODE_EXTRA_CA_CERTS (Node) or AWS_CA_BUNDLE (AWS CLI, Python), and use https:// in the endpoint.',
      { title: 'Copy Path', run: () => vscode.env.clipboard.writeText(chosen.fsPath) },
    );
  },
};
