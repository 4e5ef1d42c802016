/** StartStreamEncryption: records that come from ACTIVE on are encrypted with the key. @source documented */
import { type Infer, operation, required, structure } from '../shape.ts';
import { encryptionType, keyId, streamMembers } from '../shapes.ts';

export const startStreamEncryption = operation('StartStreamEncryption', {
  input: structure({
    ...streamMembers,
    EncryptionType: required(encryptionType),
    KeyId: required(keyId),
  }),
  output: structure({}),
});

export type StartStreamEncryptionInput = Infer<typeof startStreamEncryption.input>;
