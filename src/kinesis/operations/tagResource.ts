/** TagResource: adds tags to a stream, a consumer or a channel, or gives those it has new values. @source documented */
import { type Infer, operation, required, structure } from '../shape.ts';
import { resourceMembers, tags } from '../shapes.ts';

export const tagResource = operation('TagResource', {
  input: structure({ ...resourceMembers, Tags: required(tags) }),
  output: structure({}),
});

export type TagResourceInput = Infer<typeof tagResource.input>;
