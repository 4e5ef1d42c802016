/** Dresses the page as VS Code dresses a webview: its theme's variables, classes and attributes. */
import themes from './themes.json' with { type: 'json' };

const kinds = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  'hc-dark': 'vscode-high-contrast',
  'hc-light': 'vscode-high-contrast-light',
} as const;

export type ThemeName = keyof typeof kinds;

export function dress(theme: ThemeName): void {
  const { style } = document.documentElement;
  for (const [name, value] of Object.entries(themes[theme])) style.setProperty(name, value);
  const kind = kinds[theme];
  document.body.className = kind.startsWith('vscode-high') ? `vscode-high-contrast ${kind}` : kind;
  document.body.dataset.vscodeThemeKind = kind;
}
