// The command line: what it takes, and the sentence for what it does not.
import { describe, expect, test } from 'vitest';
import { defaultFolder } from '../../src/cli/defaultFolder.ts';
import { help } from '../../src/cli/help.ts';
import { parseCommand } from '../../src/cli/options.ts';

const parse = (line: string) => parseCommand(line.split(' ').filter(Boolean));

describe('parseCommand()', () => {
  test('serve alone leaves every choice open', () => {
    expect(parse('serve')).toEqual({
      type: 'serve',
      options: {
        data: undefined,
        port: undefined,
        init: [],
        settings: {},
        allowedHosts: [],
        corsOrigins: [],
        auth: 'any',
        keysFile: undefined,
        idleExitMs: undefined,
        logLevel: 'info',
        owned: false,
      },
    });
  });

  test('serve takes everything that help names', () => {
    const line =
      'serve --port 0 --data /d --init orders:4,clicks --limits aws --durability synced ' +
      '--size-limit 1.5GiB --when-full dropOldest --state-delays realistic --scaling-policy uniform --region eu-west-1 --account 123456789012 ' +
      '--namespaces separate --auth verify --keys /k ' +
      '--allow-host a --allow-host b --cors * --cors http://localhost:3000 --idle-exit 7 --log-level warn';
    expect(parse(line)).toEqual({
      type: 'serve',
      options: {
        data: '/d',
        port: 0,
        init: [
          { name: 'orders', shards: 4 },
          { name: 'clicks', shards: 1 },
        ],
        settings: {
          limits: 'aws',
          durability: 'synced',
          folderBytesMax: 1.5 * 1024 ** 3,
          whenFull: 'dropOldest',
          stateDelays: 'realistic',
          scalingPolicy: 'uniform',
          region: 'eu-west-1',
          account: '123456789012',
          namespaces: 'separate',
        },
        allowedHosts: ['a', 'b'],
        corsOrigins: ['*', 'http://localhost:3000'],
        auth: 'verify',
        keysFile: '/k',
        idleExitMs: 7000,
        logLevel: 'warn',
        owned: false,
      },
    });
    for (const [name] of line.matchAll(/--[a-z-]+/g)) expect(help).toContain(name);
  });

  test('delays of states may be milliseconds', () => {
    expect(parse('serve --state-delays 0')).toMatchObject({
      options: { settings: { stateDelays: 0 } },
    });
  });

  test('an owned engine ends after five minutes unless told otherwise', () => {
    const idle = (line: string) => {
      const command = parse(line);
      return command.type === 'serve' ? command.options.idleExitMs : command;
    };
    expect(idle('serve --owned')).toBe(300_000);
    expect(idle('serve --owned --idle-exit 0')).toBe(undefined);
    expect(idle('serve --owned --idle-exit 10')).toBe(10_000);
  });

  test.each([
    ['', 'there is no command'],
    ['start', 'no command "start"'],
    ['serve now', '"now" is one argument too many'],
    ['serve --prot 1', "Unknown option '--prot'"],
    ['serve --port', "'--port <value>' argument missing"],
    ['serve --port 65536', '--port takes a whole number from 0 to 65535, not "65536"'],
    ['serve --port=-1', '--port takes'],
    ['serve --port 1e3', '--port takes'],
    ['serve --init orders:0', '--init: "orders:0" is not NAME or NAME:SHARDS'],
    ['serve --limits on', '--limits takes aws, warn, off, not "on"'],
    ['serve --durability fast', '--durability takes written, synced'],
    ['serve --size-limit 4GB', '--size-limit takes'],
    ['serve --size-limit 1MiB', '--size-limit takes 64MiB or more'],
    ['serve --size-limit 9999999999TiB', '--size-limit takes'],
    ['serve --when-full stop', '--when-full takes refuse, dropOldest'],
    ['serve --state-delays long', '--state-delays takes short, realistic or milliseconds'],
    ['serve --state-delays 86400001', '--state-delays takes'],
    ['serve --scaling-policy even', '--scaling-policy takes splitAndMerge, uniform, not "even"'],
    ['serve --region Europe', '--region takes a region'],
    ['serve --account 1', '--account takes twelve digits'],
    ['serve --log-level loud', '--log-level takes debug, info, warn, error'],
    ['serve --data=', '--data needs a folder'],
  ])('"%s" is a mistake: %s', (line, sentence) => {
    expect(parse(line)).toMatchObject({
      type: 'mistake',
      message: expect.stringContaining(sentence),
    });
  });

  test.each(['--help', '-h', 'help', 'serve --help'])('%s helps', (line) => {
    expect(parse(line)).toEqual({ type: 'help' });
  });
});

test.each([
  ['linux', {}, '/home/me/.local/share/shardscope'],
  ['linux', { XDG_DATA_HOME: '/x' }, '/x/shardscope'],
  ['darwin', {}, '/home/me/Library/Application Support/shardscope'],
  ['win32', { LOCALAPPDATA: '/local' }, '/local/shardscope'],
])('defaultFolder() on %s with %o', (platform, env, expected) => {
  expect(defaultFolder({ platform, home: '/home/me', env })).toBe(expected);
});
