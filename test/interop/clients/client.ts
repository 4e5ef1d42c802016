// What a client under test is to the run: what must be installed for it, and how it is driven.
import type { TlsEndpoint } from '../support/servers.ts';
import type { Need } from '../support/setup.ts';
import type { Got } from '../support/verdict.ts';
import type { WorkRecord } from '../support/workload.ts';

/** What the run has for every client. */
export interface Stage {
  /** The engine's. */
  readonly endpoint: string;
  readonly tls: TlsEndpoint;
  /** Starts the DynamoDB that some clients keep their state in, once. */
  dynamoDb(): Promise<string>;
  /** A folder for files of this client alone. */
  readonly folder: string;
  /** A name for its stream or table. */
  readonly name: string;
}

export interface Outcome {
  readonly version: string;
  readonly put: readonly WorkRecord[];
  /** In the order of reading. */
  readonly got: readonly Got[];
  /** What else is wrong, as sentences. */
  readonly complaints?: readonly string[];
}

export interface Client {
  readonly name: string;
  readonly needs: Need;
  /** In the table: how it wrote and read. */
  readonly did: string;
  run(stage: Stage): Promise<Outcome>;
}

/** How long a client may take for its plan. */
export const clientMs = 180_000;

export const region = 'us-east-1';
export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** The same for clients that take them from the environment, where the caller's own must not count. */
export const awsEnvironment: Record<string, string> = {
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: '',
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};
