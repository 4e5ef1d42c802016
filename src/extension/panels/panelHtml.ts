/** The page of a stream panel: nothing in it but the bundle, under a policy that lets nothing else in. */
import { randomBytes } from 'node:crypto';

export interface PanelPage {
  /** The webview's own origin for resources. */
  readonly cspSource: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  readonly where: 'editor' | 'bottom';
}

/** A page of its own nonce: script and style come from the extension only; no fonts, no network. */
export function panelHtml({ cspSource, scriptUri, styleUri, where }: PanelPage): string {
  const nonce = randomBytes(16).toString('base64url');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `img-src ${cspSource}`,
    "font-src 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" nonce="${nonce}" href="${styleUri}">
<title>Kinesis stream</title>
</head>
<body data-where="${where}">
<div id="root"></div>
<script nonce="${nonce}" src="${scriptUri}"></script>
</body>
</html>`;
}
