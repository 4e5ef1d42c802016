/** What is wrong with the query, under its box, with the place marked. */
import './finding.css';
import { problemsOf, type Quote } from './problems.ts';

function Place({ quote }: { quote: Quote }) {
  return (
    <code class="problem-quote">
      {quote.before}
      <mark class="problem-place">{quote.marked}</mark>
      {quote.after}
    </code>
  );
}

export function QueryProblems({ text, told }: { text: string; told: string }) {
  return (
    <div class="filter-problem" role="alert">
      {problemsOf(text, told).map(({ message, quote }, index) => (
        <div key={index}>
          {message}
          {quote && <Place quote={quote} />}
        </div>
      ))}
    </div>
  );
}
