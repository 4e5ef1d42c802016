/** Where an AWS connection's credentials come from: a profile of ~/.aws, or the default chain. */
import { fromIni, fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { AwsConnection } from '../protocol/connection.ts';

/** Reads nothing until the first call; secrets stay inside the SDK. */
export function credentialsFor(spec: AwsConnection) {
  if (spec.profile === undefined) return fromNodeProviderChain({ ignoreCache: true });
  return fromIni({ profile: spec.profile, ignoreCache: true });
}
