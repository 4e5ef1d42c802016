/** Adds an AWS connection to the machine's settings, or takes one away. It opens no socket. */

import type { Profile } from '../../protocol/worker.ts';
import type { Command } from '../app.ts';
import { regions } from '../connections/regions.ts';
import { askAwsConnection } from '../prompts/askAwsConnection.ts';
import { askText, type Choice, choose } from '../prompts/choose.ts';
import { targetOf } from '../prompts/target.ts';
import { readConnections, writeConnections } from '../settings.ts';

const title = 'Add AWS Connection';

export const addConnection: Command = {
  id: 'shardscope.addConnection',
  async run(app) {
    const profiles = await app.worker.call('listProfiles', {});
    const source = await choose({ title, prompt: 'How to sign in' }, sourcesOf(profiles));
    const region = await askRegion(source.profile?.region);
    const endpoint = source.isCustom ? await askEndpoint() : undefined;
    const profile = source.profile?.name;
    const name = await askName(profile ?? (endpoint ? new URL(endpoint).host : region));
    const setting = { name, region, ...(profile && { profile }), ...(endpoint && { endpoint }) };
    await writeConnections([...readConnections(), setting]);
    app.messages.brief(`${name} is added, read-only until you unlock it.`);
  },
};

interface Source {
  readonly profile?: Profile;
  readonly isCustom?: boolean;
}

function sourcesOf(profiles: readonly Profile[]): Choice<Source>[] {
  const named = profiles.map((profile) => ({
    label: profile.name,
    description: ['profile', profile.region].filter(Boolean).join(', '),
    value: { profile },
  }));
  return [
    ...named,
    {
      label: 'Default credentials',
      description: 'environment, instance role, …',
      value: {},
    },
    {
      label: 'Custom endpoint…',
      description: 'a VPC endpoint or another emulator',
      value: { isCustom: true },
    },
  ];
}

async function askRegion(preferred: string | undefined): Promise<string> {
  const first = preferred ? [preferred, ...regions.filter((each) => each !== preferred)] : regions;
  const choices = first.map((region) => ({
    label: region,
    ...(region === preferred && { description: 'of the profile' }),
    value: region as string | undefined,
  }));
  const other = { label: 'Another region…', value: undefined };
  const region = await choose({ title, prompt: 'Region' }, [...choices, other]);
  return region ?? askText({ title, prompt: 'Region', check: checkRegion });
}

function checkRegion(text: string): string | undefined {
  return /^[a-z]{2,3}(-[a-z]+)+-\d$/.test(text) ? undefined : 'A region looks like eu-west-1';
}

function askEndpoint(): Promise<string> {
  const prompt = 'Address of the Kinesis endpoint';
  const placeHolder = 'https://vpce-0123.kinesis.eu-west-1.vpce.amazonaws.com';
  return askText({ title, prompt, placeHolder, check: checkEndpoint });
}

function checkEndpoint(text: string): string | undefined {
  const isAddress = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  return isAddress ? undefined : 'An address that begins with https:// or http://';
}

async function askName(value: string): Promise<string> {
  const taken = new Set(readConnections().map(({ name }) => name));
  const check = (text: string): string | undefined => {
    if (text.trim() === '') return 'A name is needed';
    return taken.has(text.trim()) ? `There is a connection ${text.trim()} already` : undefined;
  };
  return (await askText({ title, prompt: 'Name of the connection', value, check })).trim();
}

export const removeConnection: Command = {
  id: 'shardscope.removeConnection',
  async run(app, argument) {
    const target = targetOf(app, argument);
    const info = await askAwsConnection(app, target, 'Remove AWS Connection');
    const before = readConnections();
    await writeConnections(before.filter(({ name }) => name !== info.label));
    app.messages.info(`${info.label} is removed from this editor; nothing on AWS changed.`, {
      title: 'Undo',
      run: () => writeConnections(before),
    });
  },
};
