import { type TObject, Type } from 'typebox';
import { Duration } from '../model/duration.ts';
import type { Facet } from '../model/snapshot.ts';
import type { Collector } from './collector.ts';

/** Cadence and bound of each collector, in milliseconds. `every: 0` = every cycle. */
export type CollectorSettings = { readonly [F in Facet]: { readonly every: number; readonly timeout: number } };

/** The settings section of these collectors: `<facet>: {every, timeout}`. */
export function collectorSettingsSchema(collectors: readonly Collector[]): TObject {
  return Type.Object(Object.fromEntries(collectors.map((collector) => [collector.facet, settingsOf(collector)])), {
    additionalProperties: false,
    default: {},
    description: 'how often each part of a cluster is read, and how long that may take',
  });
}

function settingsOf({ every, timeout, doc }: Collector): TObject {
  return Type.Object(
    {
      every: Duration(every, 'how often; 0s = at every interval'),
      timeout: Duration(timeout, 'what has not been read by then is shown as unread', { minimum: '100ms' }),
    },
    { additionalProperties: false, default: {}, description: doc },
  );
}
