/** StopStreamEncryption: records that come from ACTIVE on are not encrypted; older ones stay readable. @source documented */
import { type Infer, operation, required, structure } from '../shape.ts';
import { encryptionType, keyId, streamMembers } from '../shapes.ts';

export const stopStreamEncryption = operation('StopStreamEncryption', {
  input: structure({
    ...streamMembers,
    EncryptionType: required(encryptionType),
    KeyId: required(keyId),
  }),
  output: structure({}),
});

export type StopStreamEncryptionInput = Infer<typeof stopStreamEncryption.input>;
