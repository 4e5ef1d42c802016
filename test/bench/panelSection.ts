// The part of RESULTS.md that npm run bench:panel writes, and npm run bench leaves as it is.
const heading = '## In the workbench (`npm run bench:panel`)';
const nextHeading = /\n## /;

/** From its heading to the next one of its rank; undefined when the page has none. */
export function panelSectionOf(page: string): string | undefined {
  const at = page.indexOf(`\n${heading}\n`);
  if (at < 0) return undefined;
  const begun = page.slice(at + 1);
  const length = begun.slice(1).search(nextHeading) + 1;
  return `${(length > 0 ? begun.slice(0, length) : begun).trimEnd()}\n`;
}

/** The page with this section at its end, in the place of the one that it had. */
export function withPanelSection(page: string, section: string): string {
  const old = panelSectionOf(page);
  const rest = old === undefined ? page : page.replace(old, () => '');
  return `${rest.trimEnd()}\n\n${section.trimEnd()}\n`;
}

/** The section with this below its heading. */
export const panelSection = (parts: readonly string[]): string =>
  `${[heading, ...parts].join('\n\n')}\n`;
