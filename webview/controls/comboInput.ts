/** The input inside a text field of the toolkit, as a combobox: its role, its list, its caret. */

/** What assistive technology is told of the list. */
export interface ComboParts {
  readonly list: HTMLElement | null;
  /** The chosen option; the focus stays in the text. */
  readonly option: HTMLElement | null;
}

/** Set by reference: names of elements do not reach out of the field's own tree. */
interface ByReference {
  ariaControlsElements?: readonly Element[] | null;
  ariaActiveDescendantElement?: Element | null;
}

export interface TypedText {
  readonly text: string;
  readonly caret: number;
}

const inputOf = (field: HTMLElement | null): (HTMLInputElement & ByReference) | null =>
  field?.shadowRoot?.querySelector('input') ?? null;

export function showAsCombo(field: HTMLElement | null, { list, option }: ComboParts): void {
  const input = inputOf(field);
  if (!input) return;
  input.role = 'combobox';
  input.setAttribute('autocomplete', 'off');
  input.ariaAutoComplete = 'list';
  input.ariaHasPopup = 'listbox';
  input.ariaExpanded = `${list !== null}`;
  input.ariaControlsElements = list && [list];
  input.ariaActiveDescendantElement = option;
}

/** Of a selection the end. */
export function typedIn(field: HTMLElement | null): TypedText {
  const input = inputOf(field);
  const text = input?.value ?? '';
  return { text, caret: input?.selectionEnd ?? text.length };
}

/** Writes as a user does who types; the caret is where it is said to be, and in sight. */
export function writeInto(field: HTMLElement | null, { text, caret }: TypedText): void {
  const input = inputOf(field);
  if (!field || !input) return;
  (field as HTMLInputElement).value = text;
  input.value = text;
  input.setSelectionRange(caret, caret);
  input.scrollLeft = caret === text.length ? input.scrollWidth : input.scrollLeft;
}
