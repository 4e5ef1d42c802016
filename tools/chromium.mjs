// Finds the Chromium that the tests drive and says how it is launched, so that nothing it does on
// its own leaves the machine.
import { existsSync } from 'node:fs';

const KNOWN_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The path of a Chromium, CHROMIUM first; undefined when there is none. */
export function findChromium() {
  const candidates = process.env.CHROMIUM ? [process.env.CHROMIUM] : KNOWN_PATHS;
  return candidates.find((candidate) => existsSync(candidate));
}

/** Options for playwright's `chromium.launch`; throws when there is no Chromium. */
export function chromiumOptions() {
  const executablePath = findChromium();
  if (!executablePath) {
    throw new Error('there is no Chromium: run `npm run setup`, or set CHROMIUM to its path');
  }
  return {
    executablePath,
    headless: true,
    args: [
      '--headless',
      '--no-sandbox', // root, as in containers
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Without it Chromium itself asks for accounts.google.com and update.googleapis.com.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
  };
}
