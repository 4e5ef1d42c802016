/** Files of records, line by line: written in one of two formats, and read in the one that the first line shows. */
import { messageOf } from '../base/errors.ts';
import type { ExportFormat } from '../protocol/export.ts';
import { type Columns, columnsOf, csvHeader, csvLineOf, recordOfCsvLine } from './csv.ts';
import { jsonLineOf, recordOfJsonLine } from './jsonLines.ts';
import { type ExportedRecord, textOf } from './record.ts';

/** Of a line in bytes: 10 MiB of data, each byte escaped by six. */
export const lineBytesMax = 64 * 1024 * 1024;

/** What a file begins with. */
export const headOf = (format: ExportFormat): string =>
  format === 'csv' ? `${csvHeader}\r\n` : '';

/** The record's line, with its end. */
export const lineOf = (format: ExportFormat, record: ExportedRecord): string =>
  format === 'csv' ? `${csvLineOf(record)}\r\n` : `${jsonLineOf(record)}\n`;

/** Something in a file that is no record, named with its line. */
export class LineError extends Error {
  override readonly name = 'LineError';
}

/** Takes the lines of one file in their order. */
export class RecordLines {
  private readonly file: string;
  private parse: ((line: string, hasEnd: boolean) => ExportedRecord) | undefined;
  private number = 0;

  /** `file`: as errors call it. */
  constructor(file: string) {
    this.file = file;
  }

  /**
   * The record of the next line, or undefined for an empty one and a header. `hasEnd`: a line break follows it. Throws
   * a LineError.
   */
  read(line: Uint8Array, hasEnd = true): ExportedRecord | undefined {
    this.number++;
    if (line.length === 0) return undefined;
    try {
      const text = textOf(line);
      if (text === undefined) throw new Error('it is not in UTF-8');
      if (this.parse) return this.parse(text, hasEnd);
      return this.begin(text);
    } catch (thrown) {
      const place = `Line ${this.number} of ${this.file}`;
      throw new LineError(`${place} is no record: ${messageOf(thrown)}.`);
    }
  }

  private begin(line: string): ExportedRecord | undefined {
    if (line.startsWith('{')) {
      this.parse = recordOfJsonLine;
      return recordOfJsonLine(line);
    }
    const columns = columnsOrNothing(line);
    if (!columns) throw new Error('it begins neither as JSON nor with the names of columns');
    this.parse = (text, hasEnd) => recordOfCsvLine(text, columns, hasEnd);
    return undefined;
  }
}

function columnsOrNothing(line: string): Columns | undefined {
  try {
    return columnsOf(line);
  } catch {
    return undefined;
  }
}
