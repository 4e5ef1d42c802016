/**
 * The variables that lead a program to the local engine, and no further: what the user has set, in
 * the environment, in ~/.aws or in a launch configuration, is never replaced. Pure.
 */
import { isObject } from '../../base/members.ts';

export type Variables = Readonly<Record<string, string>>;
type Environment = Readonly<Record<string, string | undefined>>;

/** The user's own AWS set-up, as far as it concerns us. */
export interface AwsSetup {
  readonly env: Environment;
  /** Content of ~/.aws/config and ~/.aws/credentials; empty when there is none. */
  readonly configFile: string;
  readonly credentialsFile: string;
}

const credentialSources = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];
const credentialSetting =
  /^\s*(aws_access_key_id|credential_process|role_arn|sso_session|sso_start_url|web_identity_token_file|login_session)\s*=/m;
const regionSetting = /^\s*region\s*=/m;

/** What to add for programs to meet the engine at `endpoint`. */
export function engineVariables(
  engine: { endpoint: string; region: string },
  setup: AwsSetup,
): Variables {
  const { env, configFile, credentialsFile } = setup;
  const has = (name: string): boolean => Boolean(env[name]);
  const variables: Record<string, string> = {};
  if (!has('AWS_ENDPOINT_URL_KINESIS')) variables.AWS_ENDPOINT_URL_KINESIS = engine.endpoint;
  const hasRegion =
    has('AWS_REGION') || has('AWS_DEFAULT_REGION') || regionSetting.test(configFile);
  if (!hasRegion) {
    variables.AWS_REGION = engine.region;
    variables.AWS_DEFAULT_REGION = engine.region;
  }
  const hasCredentials =
    credentialSources.some(has) || credentialSetting.test(`${configFile}\n${credentialsFile}`);
  if (!hasCredentials) {
    variables.AWS_ACCESS_KEY_ID = 'local';
    variables.AWS_SECRET_ACCESS_KEY = 'local';
  }
  return variables;
}

/** Names that a dotenv file sets. */
export function namesInEnvFile(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/gm)].map(([, name]) => name!),
  );
}

interface Launch {
  readonly request?: unknown;
  readonly env?: unknown;
  /** Of C++ debuggers: a list of {name, value}. */
  readonly environment?: unknown;
}

/** The configuration with what it lacks; the same object when there is nothing to add. */
export function withVariables<T extends Launch>(
  configuration: T,
  { variables, taken }: { variables: Variables; taken: ReadonlySet<string> },
): T {
  if (configuration.request !== 'launch') return configuration;
  const own = namesOf(configuration);
  const added = Object.entries(variables).filter(([name]) => !own.has(name) && !taken.has(name));
  if (added.length === 0) return configuration;
  if (Array.isArray(configuration.environment)) {
    const more = added.map(([name, value]) => ({ name, value }));
    return { ...configuration, environment: [...configuration.environment, ...more] };
  }
  const env = isObject(configuration.env) ? configuration.env : {};
  return { ...configuration, env: { ...Object.fromEntries(added), ...env } };
}

function namesOf({ env, environment }: Launch): Set<string> {
  const names = new Set(isObject(env) ? Object.keys(env) : []);
  if (Array.isArray(environment)) {
    for (const entry of environment) if (isObject(entry)) names.add(String(entry.name));
  }
  return names;
}
