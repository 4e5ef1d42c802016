// The import table of ARCHITECTURE.md as data: which folder may import what. Deny by default.

export interface Layer {
  /** Other layers, by folder. A layer may always import itself. */
  readonly layers: readonly string[];
  /** Layers of which only types may be imported. */
  readonly types?: readonly string[];
  /** Packages and built-ins: exact names, or a prefix that ends in `*`. */
  readonly packages?: readonly string[];
}

/** The longest folder that holds a file is its layer. */
export const layers: Readonly<Record<string, Layer>> = {
  'src/base': { layers: [] },
  'src/kinesis': { layers: ['src/base'] },
  'src/admin': { layers: ['src/base', 'src/kinesis'] },
  'src/migrate': { layers: ['src/base', 'src/kinesis', 'src/admin'] },
  'src/query': { layers: ['src/base'] },
  'src/decode': { layers: ['src/base', 'src/kinesis'], packages: ['node:zlib'] },
  'src/tail': {
    layers: ['src/base', 'src/kinesis', 'src/decode', 'src/query'],
    types: ['src/protocol'],
  },
  'src/publish': {
    layers: ['src/base', 'src/kinesis', 'src/decode', 'src/query'],
    types: ['src/protocol'],
  },
  'src/publish/files': {
    layers: ['src/base', 'src/kinesis', 'src/publish'],
    types: ['src/protocol'],
    packages: ['node:fs', 'node:fs/promises', 'node:readline', 'node:path'],
  },
  'src/export': {
    layers: ['src/base', 'src/kinesis', 'src/decode', 'src/query', 'src/tail'],
    types: ['src/protocol'],
  },
  'src/export/files': { layers: ['src/base', 'src/export'], packages: ['node:fs/promises'] },
  'src/protocol': {
    layers: ['src/base'],
    types: ['src/kinesis', 'src/admin', 'src/query', 'src/tail', 'src/publish'],
  },
  'src/engine/log': { layers: ['src/base'] },
  'src/engine': { layers: ['src/base', 'src/kinesis', 'src/admin', 'src/engine/log'] },
  'src/server': {
    layers: ['src/base', 'src/kinesis', 'src/admin'],
    packages: ['node:*', '@smithy/core/*', '@smithy/signature-v4'],
  },
  'src/client': {
    layers: ['src/base', 'src/kinesis', 'src/admin'],
    types: ['src/protocol'],
    packages: ['node:*', '@aws-sdk/*', '@smithy/*'],
  },
  'src/worker': {
    layers: [
      'src/base',
      'src/kinesis',
      'src/admin',
      'src/protocol',
      'src/query',
      'src/decode',
      'src/tail',
      'src/publish',
      'src/publish/files',
      'src/export',
      'src/export/files',
      'src/client',
    ],
    packages: ['node:*'],
  },
  'src/process': { layers: ['src/base'], packages: ['node:fs'] },
  'src/cli/tls': {
    layers: ['src/base', 'src/server'],
    types: ['src/engine/log'],
    packages: ['node:*', '@peculiar/x509', 'reflect-metadata'],
  },
  'src/cli': {
    layers: [
      'src/base',
      'src/kinesis',
      'src/admin',
      'src/migrate',
      'src/engine',
      'src/engine/log',
      'src/server',
      'src/process',
      'src/cli/tls',
    ],
    packages: ['node:*'],
  },
  'src/extension': {
    layers: ['src/base', 'src/kinesis', 'src/admin', 'src/protocol', 'src/query', 'src/process'],
    packages: ['node:*', 'vscode'],
  },
  src: {
    layers: [
      'src/base',
      'src/kinesis',
      'src/admin',
      'src/migrate',
      'src/engine',
      'src/engine/log',
      'src/server',
      'src/cli',
    ],
    packages: ['node:*'],
  },
  webview: {
    layers: ['src/base', 'src/kinesis', 'src/admin', 'src/protocol', 'src/query'],
    packages: ['preact', 'preact/*', '@vscode/webview-ui-toolkit'],
  },
};

/** Files that a layer's own rule would forbid, each with its reason. */
export const exceptions: Readonly<Record<string, Layer & { readonly reason: string }>> = {
  'src/engine/log/nodeFiles.ts': {
    reason: 'the one place where the log meets the real file system',
    layers: ['src/base'],
    packages: ['node:*'],
  },
  'src/protocol/failure.ts': {
    reason: 'rebuilds KinesisError on the other side of a border',
    layers: ['src/base', 'src/kinesis'],
  },
};

/** The layer of a file, by the longest folder that holds it. */
export function layerOf(file: string): string | undefined {
  return Object.keys(layers)
    .filter((folder) => file.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0];
}
