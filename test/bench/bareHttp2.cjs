// The plainest HTTP/2 server there is: it reads a body and answers as long an answer as the engine's.
// A subscription is a stream left open, to which the body of each put is pushed.
'use strict';
const http2 = require('node:http2');

const [port] = process.argv.slice(2);
const digits = '49680471723091059274005162501201421646625734457710084098';
const answer = `{"SequenceNumber":"${digits}","ShardId":"shardId-000000000000"}`;
const headers = {
  ':status': 200,
  'x-amzn-requestid': '303dfea0-e6be-11f1-9349-afc45102e22c',
  'x-amz-id-2':
    '1cpCXeV44U0OmQ6VxbrjT4NKU0+FDSQ3NVlpCIRXH0t5abCZXsl6z0SYIu9El4bNwOHlbpnKTGbndpfp0ePeMdN4lQno5u7D',
  'content-type': 'application/x-amz-json-1.1',
};
let subscription;

function respond(stream, target, body) {
  if (target.endsWith('.SubscribeToShard')) {
    subscription = stream;
    stream.respond(headers);
    stream.write('{}');
    return;
  }
  stream.respond({ ...headers, 'content-length': answer.length });
  stream.end(answer);
  subscription?.write(body);
}

const server = http2.createServer();
server.on('session', (session) => session.on('error', () => {}));
server.on('stream', (stream, request) => {
  const chunks = [];
  stream.on('error', () => {});
  stream.on('close', () => {
    if (stream === subscription) subscription = undefined;
  });
  stream.on('data', (chunk) => chunks.push(chunk));
  stream.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    respond(stream, String(request['x-amz-target']), body);
  });
});
server.listen(Number(port), '127.0.0.1');
