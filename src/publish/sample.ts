/** The sample: real flights in three phases that show an even stream, an idle one and a hot shard. */
import type { PublishRecord } from './document.ts';
import type { Phase } from './publisher.ts';

/** A line of media/sample/flights.ndjson. */
interface Flight {
  readonly origin: string;
  readonly destination: string;
}

const browsers = ['Chrome', 'Firefox', 'Safari'] as const;
const utf8 = new TextEncoder();

/** `lines`: JSON lines of flights; used again from the start when there are too few. */
export function samplePhases(lines: readonly string[]): Phase[] {
  if (lines.length === 0)
    throw new Error('The sample has no flights. Install the extension again.');
  const flightAt = (index: number): string => lines[index % lines.length]!;
  return [
    phase('flights, by origin airport', { total: 12_000, perSecond: 250 }, (index) => {
      const line = flightAt(index);
      return { data: utf8.encode(line), partitionKey: (JSON.parse(line) as Flight).origin };
    }),
    phase(
      'one of three browser names as key: most shards idle',
      { total: 1500, perSecond: 250 },
      (index) => {
        const { origin, destination } = JSON.parse(flightAt(index)) as Flight;
        const browser = browsers[(index * 7 + (index >> 3)) % browsers.length]!;
        const search = { browser, from: origin, to: destination, search: index };
        return { data: utf8.encode(JSON.stringify(search)), partitionKey: browser };
      },
    ),
    phase(
      'a burst to one key: over 1,000 records/s on one shard',
      { total: 2500, perSecond: 1250 },
      (index) => ({ data: utf8.encode(flightAt(index)), partitionKey: 'departures' }),
    ),
  ];
}

function phase(
  name: string,
  pace: { total: number; perSecond: number },
  record: (index: number) => PublishRecord,
): Phase {
  const records = (function* () {
    for (let index = 0; index < pace.total; index++) yield record(index);
  })();
  return { name, ...pace, records };
}
