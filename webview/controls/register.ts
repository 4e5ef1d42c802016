/** Registers the toolkit's elements, each once: a name can be defined only once in a page. */
import { provideVSCodeDesignSystem } from '@vscode/webview-ui-toolkit';

type Definition = Parameters<ReturnType<typeof provideVSCodeDesignSystem>['register']>[0];

/** Defines one element of the toolkit; each wrapper in this folder calls it once, for its own. */
export function register(definition: Definition): void {
  provideVSCodeDesignSystem().register(definition);
}
