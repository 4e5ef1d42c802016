/** The ways in which a stream can be decoded, as the user chooses among them. Pure. */

export interface DecodeChoice {
  readonly label: string;
  readonly detail?: string;
  /** Outermost first; empty: automatic. */
  readonly decoders: readonly string[];
}

const leaves = [
  ['JSON', 'json'],
  ['text', 'text'],
  ['hexadecimal', 'hex'],
  ['a KPL aggregate', 'kpl'],
] as const;

const containers = [
  ['gzip', ['gzip']],
  ['zlib', ['zlib']],
  ['Base64', ['base64']],
  ['Base64, in it gzip', ['base64', 'gzip']],
] as const;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const decodeChoices: readonly DecodeChoice[] = [
  {
    label: 'Automatic',
    detail: 'What a magic number, a checksum or reading all of it proves',
    decoders: [],
  },
  ...leaves.map(([name, leaf]) => ({ label: capital(name), decoders: [leaf] })),
  ...containers.flatMap(([name, around]) => [
    { label: `${name}, then automatic`, decoders: around },
    ...leaves
      .filter(([, leaf]) => leaf !== 'kpl')
      .map(([words, leaf]) => ({ label: `${name}, then ${words}`, decoders: [...around, leaf] })),
  ]),
];
