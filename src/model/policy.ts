import { type Static, Type } from 'typebox';
import { durationPattern } from './duration.ts';
import { severities } from './finding.ts';

const Glob = Type.String({ description: 'a name with * and ? as wildcards' });

/** What an owner says of some groups: the first policy of the list whose match fits wins; the last, built in, fits all. */
export const Policy = Type.Object(
  {
    match: Type.Object(
      { cluster: Type.Optional(Glob), group: Type.Optional(Glob), topic: Type.Optional(Glob) },
      { additionalProperties: false, default: {}, description: 'all given fields must match' },
    ),
    team: Type.Optional(Type.String({ description: 'who is woken' })),
    tier: Type.Optional(Type.String({ description: 'how much the group matters, in the words of its owner' })),
    isolationLevel: Type.Enum(['read_uncommitted', 'read_committed'], {
      default: 'read_uncommitted',
      description: 'which end offset lag is measured to; Kafka does not tell it',
    }),
    sloLagSeconds: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'time lag that the owner promises' })),
    sloSeverity: Type.Enum([...severities], {
      default: 'warning',
      description: 'severity of the finding that the promise is broken',
    }),
    lossPageSeconds: Type.Number({ default: 14_400, minimum: 0, description: 'a loss nearer than this is critical' }),
    expectIdle: Type.Optional(
      Type.String({
        pattern: durationPattern.source,
        description: 'how long the group may stand still, e.g. "26h"',
      }),
    ),
    mute: Type.Array(Type.String(), { default: [], description: 'finding codes, or "all"' }),
    labels: Type.Record(Type.String(), Type.String(), { default: {}, description: 'put onto its findings' }),
  },
  { additionalProperties: false },
);
export type Policy = Static<typeof Policy>;
