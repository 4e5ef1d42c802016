/** The one thing said in CBOR: that we do not speak it yet, and which setting makes the client use JSON. */

const cborAdvice =
  'Shardscope does not read CBOR yet; make this client send JSON. ' +
  'AWS SDK for Java 2.x: system property aws.cborEnabled=false or environment CBOR_ENABLED=false. ' +
  'AWS SDK for Java 1.x: system property com.amazonaws.sdk.disableCbor=true or environment ' +
  'AWS_CBOR_DISABLE=true.';

/** An error body `{__type, message}` as a CBOR map of two texts. */
export function cborRefusal(): Buffer {
  return encodeTextMap([
    ['__type', 'SerializationException'],
    ['message', cborAdvice],
  ]);
}

/** Up to 23 entries, each text below 64 KiB. */
function encodeTextMap(entries: readonly (readonly [string, string])[]): Buffer {
  const parts = entries.flat().map(encodeText);
  return Buffer.concat([Buffer.from([0xa0 | entries.length]), ...parts]);
}

function encodeText(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const { length } = bytes;
  if (length < 24) return Buffer.concat([Buffer.from([0x60 | length]), bytes]);
  return Buffer.concat([Buffer.from([0x79, length >> 8, length & 0xff]), bytes]);
}
