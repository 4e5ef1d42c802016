/** Which endpoint an AWS connection talks to. The SDK ignores a profile's endpoint_url, so the order is ours. */
import { loadSharedConfigFiles } from '@smithy/core/config';
import type { AwsConnection } from '../protocol/connection.ts';

interface Sections {
  readonly [section: string]: { readonly [key: string]: string | undefined } | undefined;
}

/** What decides, so that a test can say it. */
export interface EndpointSources {
  readonly env: { readonly [name: string]: string | undefined };
  /** The sections of ~/.aws/config; profiles by their names. */
  readonly config: Sections;
}

/** The endpoint of `spec`, or undefined for AWS's own. Reads the shared config files. */
export async function resolveEndpoint(spec: AwsConnection): Promise<string | undefined> {
  const { configFile } = await loadSharedConfigFiles({ ignoreCache: true });
  return endpointOf(spec, { env: process.env, config: configFile });
}

/**
 * In AWS's order: the connection's own, AWS_ENDPOINT_URL_KINESIS, AWS_ENDPOINT_URL, the profile's
 * services block, the profile's endpoint_url. @source documented
 */
export function endpointOf(
  spec: AwsConnection,
  { env, config }: EndpointSources,
): string | undefined {
  if (spec.endpoint) return spec.endpoint;
  const profile = config[spec.profile ?? env.AWS_PROFILE ?? 'default'];
  const ignored =
    env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS ?? profile?.ignore_configured_endpoint_urls;
  if (ignored?.toLowerCase() === 'true') return undefined;
  const services = config[`services.${profile?.services}`];
  return (
    env.AWS_ENDPOINT_URL_KINESIS ||
    env.AWS_ENDPOINT_URL ||
    services?.['kinesis.endpoint_url'] ||
    profile?.endpoint_url ||
    undefined
  );
}
