/** JSON paths as text: `$.order.total`, `$.items[0].sku`, `$['odd name']`, `$.items[*].sku`. */
import { controlAt, hasControls, withoutControls } from './controlSigns.ts';
import { everyItem, pathStepsMax, type Step } from './tree.ts';

/** Characters that end a name behind a dot. */
const nameCharacters = String.raw`[^\s.[\]()=!<>:"'/,]`;

export type ScannedPath =
  | { readonly steps: readonly Step[]; readonly end: number }
  /** What is wrong with it, as a sentence, and where it ends. */
  | { readonly message: string; readonly end: number };

/** True where `$.` or `$[` stands; another `$` is text. */
export function isPathAt(text: string, at: number): boolean {
  return text[at] === '$' && (text[at + 1] === '.' || text[at + 1] === '[');
}

/** Reads the path at `at`, where `isPathAt`. */
export function scanPath(text: string, at: number): ScannedPath {
  const name = new RegExp(String.raw`\.(${nameCharacters}+)`, 'y');
  const bracket = /\[(?:(\d{1,9})|(\*)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/sy;
  const steps: Step[] = [];
  let end = at + 1;
  while (text[end] === '.' || text[end] === '[') {
    const pattern = text[end] === '.' ? name : bracket;
    pattern.lastIndex = end;
    const match = pattern.exec(text);
    if (!match) return { message: stepMessage(text[end]!), end: restEnd(text, end) };
    steps.push(pattern === name ? match[1]! : bracketStep(match));
    end = pattern.lastIndex;
  }
  if (steps.length > pathStepsMax) {
    return { message: `A path has at most ${pathStepsMax} steps.`, end };
  }
  return { steps, end };
}

function stepMessage(opening: string): string {
  return opening === '.'
    ? 'A name belongs behind the dot of a path, such as $.order.'
    : "In the brackets of a path stands an index, * or a name: [0], [*], ['odd name'].";
}

/** Where the text that cannot be read ends: at the next space. */
function restEnd(text: string, from: number): number {
  const length = text.slice(from).search(/\s/);
  return length < 0 ? text.length : from + length;
}

function bracketStep([, index, every, single, double]: RegExpExecArray): Step {
  if (index !== undefined) return Number(index);
  if (every !== undefined) return everyItem;
  const written = (single ?? double)!;
  return written.replace(/\\(u[\da-f]{4}|.)/gis, (_, sign: string) => {
    const control = controlAt(sign, 0);
    return control ? control.char : sign;
  });
}

/** Whether the path `wanted`, in which any item may be meant, leads to what is at `steps`. */
export function leadsTo(wanted: readonly Step[], steps: readonly Step[]): boolean {
  return (
    wanted.length === steps.length &&
    wanted.every((step, at) => step === everyItem || step === steps[at])
  );
}

/** The steps of a text that is a path and nothing else; else undefined. */
export function pathSteps(text: string): readonly Step[] | undefined {
  if (!isPathAt(text, 0)) return undefined;
  const scanned = scanPath(text, 0);
  return 'steps' in scanned && scanned.end === text.length ? scanned.steps : undefined;
}

/** However either of them is written. */
export function isSamePath(one: readonly Step[], other: readonly Step[]): boolean {
  return one.length === other.length && one.every((step, index) => step === other[index]);
}

/** The path as text, which reads back as the same steps. */
export function pathText(steps: readonly Step[]): string {
  return `$${steps.map(stepText).join('')}`;
}

const plainName = new RegExp(`^${nameCharacters}+$`);

function stepText(step: Step): string {
  if (step === everyItem) return '[*]';
  if (typeof step === 'number') return `[${step}]`;
  if (plainName.test(step) && !hasControls(step)) return `.${step}`;
  return `['${withoutControls(step.replace(/[\\']/g, '\\$&'))}']`;
}
