/**
 * An element whose meaning is a role alone. What is drawn in part only (the grid) or at its own place
 * (a menu) cannot be the HTML elements that have these roles by nature.
 */
import { type ComponentChildren, type HTMLAttributes, h, type Ref } from 'preact';

export interface PartProps extends Omit<HTMLAttributes<HTMLDivElement>, 'role' | 'ref'> {
  /** Of a cell: what it shows, as the menu of its value goes by. */
  readonly 'data-column'?: string;
  readonly role:
    | 'grid'
    | 'rowgroup'
    | 'row'
    | 'columnheader'
    | 'gridcell'
    | 'listbox'
    | 'option'
    | 'menu'
    | 'dialog'
    | 'group'
    | 'slider'
    | 'presentation';
  readonly elementRef?: Ref<HTMLDivElement>;
  readonly children?: ComponentChildren;
}

export function Part({ elementRef, children, ...attributes }: PartProps) {
  return h('div', { ...attributes, ref: elementRef } as HTMLAttributes, children);
}
