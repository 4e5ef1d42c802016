// Tables as lines of text for the terminal and as Markdown for RESULTS.md.

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): Table => ({
  head,
  rows,
});

/** Columns of equal width, numbers to the right. */
export function plainText(table: Table): string {
  const { head, rows } = table;
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        isNumeric(table, column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ');
  return all.map((row) => `  ${line(row)}`.trimEnd()).join('\n');
}

export function markdown(table: Table): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  const rule = table.head.map((_, column) => (isNumeric(table, column) ? '---:' : '---'));
  return [table.head, rule, ...table.rows].map(line).join('\n');
}

/** True when every cell of a column is a number, with or without a unit, or a dash for none. */
function isNumeric({ rows }: Table, column: number): boolean {
  return column > 0 && rows.every((row) => /^(-|-?[\d.,]+( (x|us|ms|MiB))?)$/.test(row[column]!));
}
