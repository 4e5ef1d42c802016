/** The `shardscope` command and the engine process: reads the arguments and hands on. No logic here. */
import { exitCodes } from './exitCodes.ts';
import { help } from './help.ts';
import { parseCommand } from './options.ts';
import { version } from './version.ts';

async function run(): Promise<number> {
  const command = parseCommand(process.argv.slice(2));
  switch (command.type) {
    case 'help':
      process.stdout.write(help);
      return exitCodes.ok;
    case 'version':
      process.stdout.write(`${version}\n`);
      return exitCodes.ok;
    case 'mistake':
      process.stderr.write(`shardscope: ${command.message}. See "shardscope --help".\n`);
      return exitCodes.usage;
    case 'serve': {
      const { serve } = await import('./serve.ts');
      return serve(command.options);
    }
    case 'control': {
      const { control } = await import('./control.ts');
      process.stdout.once('error', () => process.exit(exitCodes.ok)); // who follows may stop reading
      return control(command.options, printed);
    }
  }
}

const printed = (line: string): Promise<void> =>
  new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()));

// Whoever read our output may be gone: that must not end the engine.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

run().then(
  (code) => process.exit(code),
  (thrown: unknown) => {
    const detail = thrown instanceof Error ? thrown.stack : String(thrown);
    process.stderr.write(`shardscope: unexpected: ${detail}\n`);
    process.exit(exitCodes.defect);
  },
);
