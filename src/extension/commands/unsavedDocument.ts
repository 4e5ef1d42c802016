/** What an editor has of a file and the disk has not. */
import * as vscode from 'vscode';

/** The document of the file itself where it was changed since; others of the same path, as of Git, are not meant. */
export function unsavedOf(file: vscode.Uri): vscode.TextDocument | undefined {
  const name = file.toString();
  return vscode.workspace.textDocuments.find(
    ({ uri, isDirty }) => isDirty && uri.toString() === name,
  );
}
