/** DeleteStream: DELETING, then gone with all its records. @source documented */
import { boolean, type Infer, operation, structure } from '../shape.ts';
import { streamMembers } from '../shapes.ts';

export const deleteStream = operation('DeleteStream', {
  input: structure({ ...streamMembers, EnforceConsumerDeletion: boolean }),
  output: structure({}),
});

export type DeleteStreamInput = Infer<typeof deleteStream.input>;
