/** How the order check fares, with a way from one record out of order to the next. */
import { Fact } from '../controls/Fact.tsx';
import { formatCount, plural } from '../format.ts';
import { useModel, usePanel } from '../hooks.ts';
import { visibleLine } from '../visibleText.ts';
import { fieldName } from './layout.ts';
import './columns.css';

export function OrderFoot() {
  const { columns } = usePanel();
  const order = useModel((model) => model.tick?.order);
  if (!order) return null;
  const { path, flagged, waiting, keys, unwatched } = order;
  const watched = `${visibleLine(path)}, watched for ${plural(keys, 'key')}`;
  const rest =
    unwatched > 0 ? `; ${plural(unwatched, 'record')} of further keys not, there are too many` : '';
  return (
    <span class="order-foot">
      <Fact label="Order" words={watched + rest}>
        <span class={flagged > 0 ? 'broken-sign' : ''} aria-hidden="true">
          {flagged > 0 ? '▼' : '✓'}
        </span>{' '}
        {formatCount(flagged)} out of order
        <span class="foot-wide"> by {fieldName(path)}</span>
        {waiting > 0 && `, ${formatCount(waiting)} to look at`}
        {unwatched > 0 && `, ${formatCount(unwatched)} not watched`}
      </Fact>
      {flagged > 0 && (
        <>
          <button
            type="button"
            class="quiet-button order-step"
            aria-label="Previous record out of order"
            title="Previous record out of order"
            onClick={() => void columns.step(-1)}
          >
            ↑
          </button>
          <button
            type="button"
            class="quiet-button order-step"
            aria-label="Next record out of order"
            title="Next record out of order"
            onClick={() => void columns.step(1)}
          >
            ↓
          </button>
        </>
      )}
    </span>
  );
}
