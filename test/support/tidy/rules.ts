// The rules themselves, as functions from a file to sentences about what breaks them.
import path from 'node:path';
import { exceptions, layerOf, layers } from './layers.ts';
import { functionsOf, type Import, importsOf, type SourceFile } from './sources.ts';

export const fileLinesMax = 500;
export const functionLinesMax = 70;
export const parametersMax = 3;

/** Imports that the table of layers does not allow. */
export function forbiddenImports(file: SourceFile): string[] {
  const layer = layerOf(file.path);
  if (!layer) return [`${file.path} is in no layer of the import table`];
  return importsOf(file)
    .filter((entry) => !isAllowed(file.path, layer, entry))
    .map((entry) => `${file.path} (${layer}) may not import ${entry.specifier}`);
}

function isAllowed(file: string, layerName: string, entry: Import): boolean {
  const layer = exceptions[file] ?? layers[layerName]!;
  const { specifier, isTypeOnly } = entry;
  if (!specifier.startsWith('.')) {
    if (specifier.endsWith('.css')) return layerName === 'webview';
    return (layer.packages ?? []).some((name) =>
      name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name,
    );
  }
  if (specifier.endsWith('.css')) return layerName === 'webview';
  const target = layerOf(path.posix.join(path.posix.dirname(file), specifier));
  if (!target) return false;
  if (target === layerName || layer.layers.includes(target)) return true;
  return isTypeOnly && (layer.types ?? []).includes(target);
}

/** A file over its limit. */
export function oversizedFile(file: SourceFile): string[] {
  const lines = file.text.split('\n').length - 1;
  return lines > fileLinesMax ? [`${file.path} has ${lines} lines`] : [];
}

/** A file, its functions and their parameter lists over their limits. */
export function oversized(file: SourceFile): string[] {
  const found = oversizedFile(file);
  for (const { name, line, lineCount, parameterCount } of functionsOf(file)) {
    const at = `${file.path}:${line} ${name}()`;
    if (lineCount > functionLinesMax) found.push(`${at} has ${lineCount} lines`);
    if (parameterCount > parametersMax) found.push(`${at} takes ${parameterCount} parameters`);
  }
  return found;
}

interface Ban {
  readonly pattern: RegExp;
  readonly why: string;
  /** Where it holds, by path. */
  readonly where: RegExp;
  readonly except?: RegExp;
}

const pure = /^src\/(base|kinesis|admin|query|tail|export|protocol|engine)\//;

const bans: readonly Ban[] = [
  {
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/,
    why: 'take the time from a Clock',
    where: pure,
  },
  { pattern: /\bMath\.random\(/, why: 'take chance from a Random', where: /^(src|webview)\// },
  { pattern: /\bsetTimeout\(|\bsetInterval\(/, why: 'schedule on a Clock', where: pure },
  { pattern: /\bconsole\./, why: 'use a Logger', where: /^(src|webview)\// },
  { pattern: /\bprocess\./, why: 'only composition roots know the process', where: pure },
  {
    pattern: /\.innerHTML\b|\.outerHTML\b|insertAdjacentHTML|dangerouslySetInnerHTML/,
    why: 'record content is never markup',
    where: /^(src|webview)\//,
  },
  { pattern: /\beval\(|\bnew Function\(/, why: 'nothing is evaluated', where: /./ },
  { pattern: /\bas any\b|@ts-ignore|@ts-nocheck/, why: 'the types must hold', where: /./ },
  { pattern: /^export default /m, why: 'no default exports', where: /^(src|webview)\// },
  {
    pattern: /\b(it|test|describe|suite)\.(skip|only|todo)\b/,
    why: 'every test runs',
    where: /^test\//,
  },
  {
    pattern: /\bsleep\(|waitForTimeout\(/,
    why: 'wait for the thing itself, not for time',
    where: /^test\//,
  },
];

/** Calls that a folder must not make. */
export function bannedCalls(file: SourceFile): string[] {
  const code = withoutComments(file.text);
  return bans
    .filter(
      (ban) => ban.where.test(file.path) && !ban.except?.test(file.path) && ban.pattern.test(code),
    )
    .map((ban) => `${file.path}: ${ban.pattern.exec(code)?.[0].trim()} (${ban.why})`);
}

/** Blanks comments; strings stay, which is strict enough for these patterns. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** A file must open with a sentence that says what it is for. */
export function missingOpening(file: SourceFile): string[] {
  return /^(#!.*\n)?(\/\*\*?|\/\/)/.test(file.text)
    ? []
    : [`${file.path} does not say what it is for`];
}
