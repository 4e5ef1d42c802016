/**
 * The little language that the operation files are written in: what a member is (its type on the wire)
 * and what AWS checks of it (its constraints). One table drives the types, the codec and the validation.
 */

export interface StringShape<V extends string = string> {
  readonly type: 'string';
  readonly min?: number;
  readonly max?: number;
  /** As AWS prints it, without anchors. */
  readonly pattern?: string;
  /** Legal values, in the order in which AWS lists them. */
  readonly values?: readonly V[];
}
export interface NumberShape {
  readonly type: 'integer' | 'long';
  readonly min?: number;
  readonly max?: number;
}
export interface BooleanShape {
  readonly type: 'boolean';
}
/** Bytes; base64 in JSON. */
export interface BlobShape {
  readonly type: 'blob';
  readonly max?: number;
}
/** Epoch seconds with a fraction in JSON, a Date here. */
export interface TimestampShape {
  readonly type: 'timestamp';
}
export interface ListShape<S extends Shape = Shape> {
  readonly type: 'list';
  readonly item: S;
  readonly min?: number;
  readonly max?: number;
  /** The Java class AWS prints for an item of a list that breaks a constraint. */
  readonly javaClass?: string;
}
export interface MapShape<S extends Shape = Shape> {
  readonly type: 'map';
  readonly key: StringShape;
  readonly value: S;
  readonly min?: number;
  readonly max?: number;
}
export interface StructureShape<M extends Members = Members> {
  readonly type: 'structure';
  readonly members: M;
}
/**
 * Events that follow an answer's head one by one, each by its name. Iterating throws a KinesisError that
 * AWS would send in the stream; who ends the iteration early ends the stream.
 */
export interface EventStreamShape<E extends Members = Members> {
  readonly type: 'eventStream';
  readonly events: E;
}
export type Shape =
  | EventStreamShape
  | StringShape
  | NumberShape
  | BooleanShape
  | BlobShape
  | TimestampShape
  | ListShape
  | MapShape
  | StructureShape;

/** A member that must be there. Members are optional unless wrapped. */
export interface Required<S extends Shape = Shape> {
  readonly required: S;
}
export type Members = { readonly [name: string]: Shape | Required };

/** The TypeScript type of a shape's values. */
export type Infer<S> =
  S extends EventStreamShape<infer E>
    ? AsyncIterable<{ [K in keyof E]: { [P in K]: Infer<E[K]> } }[keyof E]>
    : S extends StructureShape<infer M>
      ? InferMembers<M>
      : S extends ListShape<infer I>
        ? Infer<I>[]
        : S extends MapShape<infer V>
          ? { [key: string]: Infer<V> }
          : S extends StringShape<infer V>
            ? V
            : S extends NumberShape
              ? number
              : S extends BooleanShape
                ? boolean
                : S extends BlobShape
                  ? Uint8Array
                  : S extends TimestampShape
                    ? Date
                    : never;

type InferMembers<M extends Members> = {
  [K in keyof M as M[K] extends Required ? K : never]: M[K] extends Required<infer S>
    ? Infer<S>
    : never;
} & {
  [K in keyof M as M[K] extends Required ? never : K]?: Infer<M[K]> | undefined;
};

export const string = (limits: Omit<StringShape, 'type' | 'values'> = {}): StringShape => ({
  type: 'string',
  ...limits,
});
export const oneOf = <const V extends string>(...values: V[]): StringShape<V> => ({
  type: 'string',
  values,
});
export const integer = (limits: Omit<NumberShape, 'type'> = {}): NumberShape => ({
  type: 'integer',
  ...limits,
});
export const long = (): NumberShape => ({ type: 'long' });
export const boolean: BooleanShape = { type: 'boolean' };
export const blob = (limits: Omit<BlobShape, 'type'> = {}): BlobShape => ({
  type: 'blob',
  ...limits,
});
export const timestamp: TimestampShape = { type: 'timestamp' };
export const list = <S extends Shape>(
  item: S,
  limits: Omit<ListShape, 'type' | 'item'> = {},
): ListShape<S> => ({ type: 'list', item, ...limits });
export const map = <S extends Shape>(
  key: StringShape,
  value: S,
  limits: { min?: number; max?: number } = {},
): MapShape<S> => ({ type: 'map', key, value, ...limits });
export const structure = <M extends Members>(members: M): StructureShape<M> => ({
  type: 'structure',
  members,
});
export const eventStream = <E extends Members>(events: E): EventStreamShape<E> => ({
  type: 'eventStream',
  events,
});
export const required = <S extends Shape>(shape: S): Required<S> => ({ required: shape });

/** The shape inside a member, and whether the member must be there. */
export function memberOf(member: Shape | Required): { shape: Shape; isRequired: boolean } {
  return 'required' in member
    ? { shape: member.required, isRequired: true }
    : { shape: member, isRequired: false };
}

/** One operation: its name and what goes in and comes out. */
export interface Operation<
  I extends StructureShape = StructureShape,
  O extends StructureShape = StructureShape,
> {
  readonly name: string;
  readonly input: I;
  readonly output: O;
  /** True when the answer's body is empty, as AWS sends it for operations without output members. */
  readonly emptyAnswer: boolean;
}

export function operation<
  const N extends string,
  I extends StructureShape,
  O extends StructureShape,
>(name: N, shapes: { input: I; output: O }): Operation<I, O> & { readonly name: N } {
  return { name, ...shapes, emptyAnswer: Object.keys(shapes.output.members).length === 0 };
}
