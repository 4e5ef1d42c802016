/** The profiles a user can choose from. Reads names and regions only, never keys. */
import { loadSharedConfigFiles } from '@smithy/core/config';
import type { Profile } from '../protocol/worker.ts';

type Sections = Awaited<ReturnType<typeof loadSharedConfigFiles>>['configFile'];

/** Every profile of ~/.aws/config and ~/.aws/credentials, by name; none when there are no files. */
export async function listProfiles(): Promise<Profile[]> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  return profilesOf(configFile, credentialsFile);
}

/** Drops what is in the files but no profile: `sso-session.*` and `services.*`. */
export function profilesOf(configFile: Sections, credentialsFile: Sections): Profile[] {
  const names = new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)]);
  return [...names]
    .filter((name) => !/^(sso-session|services)\./.test(name))
    .sort()
    .map((name) => ({
      name,
      region: configFile[name]?.region ?? credentialsFile[name]?.region,
    }));
}
