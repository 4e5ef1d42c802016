// npm run build, package, bench, lint, …: set-up, then one step on the Node of tools/host, so that
// the scripts work whatever Node npm runs on. Further arguments go to the step's last command.
import { setup } from './setup.mjs';
import { runNode, steps } from './steps.mjs';

const [name, ...extra] = process.argv.slice(2);

/** Runs the commands of a step until one fails; resolves to its exit code. */
async function runStep(commands) {
  for (const [index, argv] of commands.entries()) {
    const isLast = index === commands.length - 1;
    const code = await runNode(isLast ? [...argv, ...extra] : argv);
    if (code !== 0) return code;
  }
  return 0;
}

if (Object.hasOwn(steps, name ?? '')) {
  setup({
    browser: ['host', 'ui', 'start', 'benchPanel'].includes(name),
    peers: name === 'bench',
  });
  process.exitCode = await runStep(steps[name]);
} else {
  console.error(`usage: node tools/run.mjs ${Object.keys(steps).join('|')} [arguments]`);
  process.exitCode = 64;
}
