/** Connections as the host names them to the worker. Secrets are never part of them. */

export interface LocalConnection {
  readonly kind: 'local';
  readonly id: string;
  readonly endpoint: string;
  readonly nonce: string;
  readonly region: string;
}

export interface AwsConnection {
  readonly kind: 'aws';
  readonly id: string;
  /** Profile of ~/.aws; undefined: the SDK's default chain. */
  readonly profile?: string | undefined;
  readonly region: string;
  /** Custom endpoint; undefined: AWS's own, or what the profile names. */
  readonly endpoint?: string | undefined;
}

export type ConnectionSpec = LocalConnection | AwsConnection;
