/** Text with its matches marked. Only text nodes, nothing unseen in them: what a record holds is never markup. */
import { visible } from '../visibleText.ts';
import type { Piece } from './tokens.ts';
import './pieces.css';

function one({ text: whole, kind, isMatch }: Piece, index: number) {
  const text = visible(whole);
  if (isMatch) {
    return (
      <mark key={index} class={`token-${kind}`}>
        {text}
      </mark>
    );
  }
  if (kind === 'plain') return text;
  return (
    <span key={index} class={`token-${kind}`}>
      {text}
    </span>
  );
}

export function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  return <>{pieces.map(one)}</>;
}
