/** A connection as the window shows it: the local engine, or an AWS account in one region. */
import { shortAccount } from '../tree/labels.ts';

/** Of the local engine; there is one in a window. */
export const localConnectionId = 'local';

export interface LocalConnectionInfo {
  readonly kind: 'local';
  readonly id: typeof localConnectionId;
  readonly label: string;
  readonly region: string;
  /** Of calls that are not signed for another; undefined while the engine is not running. */
  readonly account?: string | undefined;
  /** `port 4567`; empty while the engine is not running. */
  readonly place: string;
  /** Undefined while the engine is not running. */
  readonly endpoint?: string | undefined;
  readonly writable: true;
}

export interface AwsConnectionInfo {
  readonly kind: 'aws';
  /** `aws:` and the name. */
  readonly id: string;
  /** The name in the settings. */
  readonly label: string;
  readonly region: string;
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
  /** The endpoint's host; empty for AWS's own. */
  readonly place: string;
  /** Twelve digits, once an answer has told it. */
  readonly account?: string | undefined;
  /** `aws`, `aws-cn`, …, likewise. */
  readonly partition?: string | undefined;
  /** False until the user unlocks it, in this window only. */
  readonly writable: boolean;
}

export type ConnectionInfo = LocalConnectionInfo | AwsConnectionInfo;

/** `read-only, account …4321` */
export function connectionDescription(connection: AwsConnectionInfo): string {
  const { region, place, account, writable } = connection;
  const facts = [region, writable ? 'unlocked for writing' : 'read-only'];
  if (account) facts.push(`account ${shortAccount(account)}`);
  if (place) facts.push(place);
  return facts.join(', ');
}

/** `prod (eu-west-1, account …4321)`: for sentences. */
export function connectionPhrase(connection: ConnectionInfo): string {
  if (connection.kind === 'local') return 'the local engine';
  const { label, region, account } = connection;
  return `${label} (${region}${account ? `, account ${account}` : ''})`;
}
