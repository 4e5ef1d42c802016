// Makes flights.ndjson from the flights of vega-datasets: node media/sample/make.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const source = 'vega-datasets@3.2.1';
const bytesMax = 500_000;
const folder = mkdtempSync(path.join(os.tmpdir(), 'flights-'));

try {
  const run = (command, args) => execFileSync(command, args, { cwd: folder, encoding: 'utf8' });
  run('npm', ['pack', '--silent', source]);
  run('tar', ['xzf', 'vega-datasets-3.2.1.tgz', 'package/data/flights-5k.json']);
  const flights = JSON.parse(
    readFileSync(path.join(folder, 'package/data/flights-5k.json'), 'utf8'),
  );
  const lines = flights.map(({ date, delay, distance, origin, destination }) =>
    JSON.stringify({ date, delay, distance, origin, destination }),
  );
  const text = `${lines.join('\n')}\n`;
  if (text.length > bytesMax) throw new Error(`${text.length} bytes are more than ${bytesMax}`);
  writeFileSync(path.join(import.meta.dirname, 'flights.ndjson'), text);
  console.log(`flights.ndjson: ${lines.length} flights, ${text.length} bytes`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
