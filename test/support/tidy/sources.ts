// The checkout's own source files, parsed once, for the tidy tests to look at.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'vite';

export const root = path.resolve(import.meta.dirname, '../../..');

export interface SourceFile {
  /** Relative to the checkout, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  /** As written: `../base/assert.ts`, `node:fs`, `vscode`. */
  readonly specifier: string;
  /** True when every name is imported as a type. */
  readonly isTypeOnly: boolean;
}

/** A function's size and shape as the size rules see them. */
export interface FunctionFact {
  readonly name: string;
  readonly line: number;
  readonly lineCount: number;
  readonly parameterCount: number;
}

/** Every TypeScript file below `folders`. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => `${folder}/${name.replaceAll(path.sep, '/')}`),
  );
  return files
    .sort()
    .map((file) => ({ path: file, text: readFileSync(path.join(root, file), 'utf8') }));
}

const made = new Set(['node_modules', 'dist', 'out', '.git']);

/** Every file of the checkout but what is installed or built; relative, with `/`. */
export function projectFiles(folder = ''): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder ? `${folder}/${entry.name}` : entry.name;
    if (!entry.isDirectory()) return entry.isFile() ? [name] : [];
    return made.has(entry.name) ? [] : projectFiles(name);
  });
}

function parse({ path: file, text }: SourceFile) {
  const parsed = parseSync(file, text);
  if (parsed.errors.length > 0) throw new Error(`${file}: ${parsed.errors[0]?.message}`);
  return parsed;
}

/** Static, re-exported and dynamic imports with a literal name. */
export function importsOf(file: SourceFile): Import[] {
  const { module, program } = parse(file);
  const fixed = module.staticImports.map((entry) => ({
    specifier: entry.moduleRequest.value,
    isTypeOnly: entry.entries.length > 0 && entry.entries.every((name) => name.isType),
  }));
  const through = module.staticExports.flatMap((entry) =>
    entry.entries
      .filter((name) => name.moduleRequest)
      .map((name) => ({ specifier: name.moduleRequest?.value ?? '', isTypeOnly: name.isType })),
  );
  return [...fixed, ...through, ...dynamicImports(program)];
}

function dynamicImports(program: unknown): Import[] {
  const found: Import[] = [];
  walk(program, (node) => {
    const source = node.source as Node | undefined;
    if (node.type === 'ImportExpression' && source?.type === 'Literal') {
      found.push({ specifier: String(source.value), isTypeOnly: false });
    }
    if (node.type !== 'CallExpression') return;
    const callee = node.callee as Node;
    const first = (node.arguments as Node[])[0];
    if (callee.name === 'require' && first?.type === 'Literal') {
      found.push({ specifier: String(first.value), isTypeOnly: false });
    }
  });
  return found;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

function walk(value: unknown, visit: (node: Node, parent?: Node) => void, parent?: Node): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit, parent);
    return;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return;
  const node = value as Node;
  visit(node, parent);
  for (const child of Object.values(node)) {
    if (typeof child === 'object' && child !== null) walk(child, visit, node);
  }
}

/** Every function with a body. */
export function functionsOf(file: SourceFile): FunctionFact[] {
  const { program } = parse(file);
  const lineStarts = [0, ...[...file.text.matchAll(/\n/g)].map((match) => match.index + 1)];
  const lineOf = (offset: number): number =>
    lineStarts.findLastIndex((start) => start <= offset) + 1;
  const facts: FunctionFact[] = [];
  walk(program, (node, parent) => {
    if (!/Function/.test(node.type) || !node.body) return;
    const line = lineOf(node.start);
    const name = nameOf(node) ?? nameOf(parent) ?? 'anonymous';
    const parameterCount = (node.params as unknown[]).length;
    facts.push({ name, line, lineCount: lineOf(node.end) - line + 1, parameterCount });
  });
  return facts;
}

function nameOf(node: Node | undefined): string | undefined {
  const id = (node?.id ?? node?.key) as Node | undefined;
  return typeof id?.name === 'string' ? id.name : undefined;
}
