// The plainest server there is: what Node itself costs to start and to keep. Mode `http2` loads
// node:http2 besides, as a server of both must.
'use strict';
const http = require('node:http');

const [mode, port] = process.argv.slice(2);
if (mode === 'http2') require('node:http2');
http.createServer((_request, response) => response.end('{}')).listen(Number(port), '127.0.0.1');
