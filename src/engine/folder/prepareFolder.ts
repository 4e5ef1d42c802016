/** Makes sure that a data folder is there and can be used, or says why not in a sentence. */
import { codeOf, messageOf } from '../../base/errors.ts';
import type { Files } from '../log/files.ts';
import { LogError } from '../log/logError.ts';

/** Creates the folder when missing. `name` is for sentences. Rejects with LogError FOLDER. */
export async function prepareFolder(files: Files, name: string): Promise<void> {
  const refuse = (what: string): LogError =>
    new LogError('FOLDER', `${what} Choose another data folder.`, { path: name });
  try {
    const stat = await files.stat('');
    if (stat && !stat.isFolder) throw refuse(`${name} is a file, not a folder.`);
    if (!stat) await files.makeFolder('');
    await files.list('');
  } catch (thrown) {
    if (thrown instanceof LogError) throw thrown;
    throw refuse(sentenceOf(thrown, name));
  }
}

function sentenceOf(thrown: unknown, name: string): string {
  switch (codeOf(thrown)) {
    case 'EACCES':
    case 'EPERM':
      return `${name} cannot be read and written by this user.`;
    case 'EROFS':
      return `${name} is on a disk that cannot be written.`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `A part of the path ${name} is a file, not a folder.`;
    case 'ENOSPC':
      return `The disk of ${name} is full.`;
    default:
      return `${name} cannot be used: ${messageOf(thrown)}.`;
  }
}
