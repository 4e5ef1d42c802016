// A trust store for Java with one certificate in it, made by the JDK's own tool.
import path from 'node:path';
import { runToEnd } from './processes.ts';

const toolMs = 60_000;
/** Of a store that holds nothing secret; the tool asks for one of six characters at least. */
const password = 'changeit';

/** Resolves to the options of `java` that make it trust `certificate`, a file, and nothing else. */
export async function trustOptions(certificate: string, folder: string): Promise<string[]> {
  const store = path.join(folder, 'trust.p12');
  const into = ['-keystore', store, '-storetype', 'PKCS12', '-storepass', password];
  const argv = ['keytool', '-importcert', '-noprompt', '-alias', 'engine', '-file', certificate];
  await runToEnd({ argv: [...argv, ...into] }, toolMs);
  return [
    `-Djavax.net.ssl.trustStore=${store}`,
    '-Djavax.net.ssl.trustStoreType=PKCS12',
    `-Djavax.net.ssl.trustStorePassword=${password}`,
  ];
}
