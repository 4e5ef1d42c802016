/** A key that callers may sign with, and who they are then. Its secrets go into no log and no error. */
import type { Policy } from '../../kinesis/policy/policy.ts';

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials: each request must carry it. */
  readonly sessionToken?: string | undefined;
  /** From then on it is expired, on wall time. */
  readonly expiresMs?: number | undefined;
  /** Twelve digits. */
  readonly account: string;
  /** `arn:aws:iam::111122223333:user/reader` */
  readonly arn: string;
  /** Absent: the account's root, which no identity policy restricts. */
  readonly policies?: readonly Policy[] | undefined;
}
