// Serves the real panel bundle beside the fake host, under the content security policy of a webview.
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { root } from '../../../tools/paths.mjs';

/** A page to open, and its end. */
export interface HarnessServer {
  readonly origin: string;
  stop(): Promise<void>;
}

interface Asset {
  readonly type: string;
  readonly body: Uint8Array;
}

/** As tools/build.mjs bundles the panel, in memory. */
async function bundle(entry: string, name: string): Promise<Map<string, Asset>> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [{ in: path.join(root, entry), out: name }],
    outdir: '/',
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    target: 'chrome134',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'dataurl', '.ttf': 'dataurl' },
    logLevel: 'warning',
  });
  const type = (file: string): string =>
    file.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
  const asset = (file: esbuild.OutputFile): [string, Asset] => [
    `/${path.basename(file.path)}`,
    { type: type(file.path), body: file.contents },
  ];
  return new Map(outputFiles.map(asset));
}

function html(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Stream panel</title>
<link rel="stylesheet" href="/panel.css">
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" src="/host.js"></script>
<script nonce="${nonce}" src="/panel.js"></script>
</body>
</html>`;
}

function policy(origin: string, nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${origin} 'nonce-${nonce}'`,
    `font-src ${origin}`,
    `img-src ${origin}`,
  ].join('; ');
}

/** Bundles once, then serves on a free port of loopback. */
export async function startHarness(): Promise<HarnessServer> {
  const [panel, host] = await Promise.all([
    bundle('webview/main.tsx', 'panel'),
    bundle('test/webview/harness/page/main.ts', 'host'),
  ]);
  const assets = new Map([...panel, ...host]);
  let origin = '';
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', origin);
    const asset = assets.get(pathname);
    if (asset) return response.writeHead(200, { 'content-type': asset.type }).end(asset.body);
    if (pathname !== '/') return response.writeHead(204).end();
    const nonce = randomUUID();
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy(origin, nonce),
    };
    return response.writeHead(200, headers).end(html(nonce));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { origin, stop };
}
