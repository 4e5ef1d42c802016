// The floor to measure against: a server that only reads, parses and answers, and stores nothing.
// Run as: node limitServer.ts; prints its port.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const entry = {
  ShardId: 'shardId-000000000000',
  SequenceNumber: '49680471723091059274005162501201421646625734457710084098',
};

interface PutBody {
  Data?: string;
  Records?: { Data: string }[];
}

/** Decodes what a put decodes; answers what a put answers. */
function answerTo(body: string): string {
  const input = JSON.parse(body) as PutBody;
  const entries = input.Records ?? [{ Data: input.Data ?? '' }];
  for (const { Data } of entries) Buffer.from(Data, 'base64');
  if (!input.Records) return JSON.stringify(entry);
  return JSON.stringify({ FailedRecordCount: 0, Records: entries.map(() => entry) });
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const answer = answerTo(Buffer.concat(chunks).toString('utf8'));
    response.writeHead(200, {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': Buffer.byteLength(answer),
    });
    response.end(answer);
  });
});

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
