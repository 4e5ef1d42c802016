/**
 * Where the focus is among the panels, as their pages tell it. VS Code says of a tab that it is active while the focus
 * is at the bottom, and nothing of a focus within the view there.
 */
import * as vscode from 'vscode';

export interface FocusedPanel {
  readonly where: 'editor' | 'bottom';
}

/** For the keys: where the panel is that has the focus. */
const contextKey = 'shardscope.focusedTail';

export class PanelFocus<Panel extends FocusedPanel> {
  /** It had the focus last, or came to the front since. */
  last: Panel | undefined;
  private holder: Panel | undefined;

  /** The focus came into a panel, or left it: also for another one, which may have told first. */
  tell(panel: Panel, has: boolean): void {
    if (has) this.last = panel;
    else if (this.holder !== panel) return;
    this.holder = has ? panel : undefined;
    void vscode.commands.executeCommand('setContext', contextKey, this.holder?.where);
  }
}
