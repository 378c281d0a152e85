import { type Static, Type } from 'typebox';
import { type CollectorSettings, CollectorsSection, ScopeSettings } from '../collectors/index.ts';
import { FindingSettings, rules } from '../evaluators/index.ts';
import { measureSettings } from '../evaluators/measures/index.ts';
import { Duration } from '../model/duration.ts';
import { Policy } from '../model/policy.ts';

/** 1 to 65535. */
const port = '0*([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])';
/** One broker as `host:port`, IPv6 addresses in brackets. */
const address = `([^\\s,:\\[\\]]+|\\[[0-9A-Fa-f:.]+\\]):${port}`;

const ClusterSettings = Type.Object({
  name: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'what the cluster is called in metrics and on the page; without it: the ID that Kafka gave it',
    }),
  ),
  bootstrapServers: Type.String({
    pattern: `^\\s*${address}(\\s*,\\s*${address})*\\s*$`,
    description: 'brokers to begin with, "host:port,host:port"; all others are found through them',
  }),
  connectTimeout: Duration('3s', 'a connection that is not ready by then has failed', { minimum: '100ms' }),
  requestTimeout: Duration('5s', 'a broker that has not answered by then costs its own partitions and groups', {
    minimum: '100ms',
  }),
});
export type ClusterSettings = Static<typeof ClusterSettings>;

const ListenSettings = Type.Object({
  host: Type.String({ default: '127.0.0.1', minLength: 1, description: 'address to listen on; 0.0.0.0 for every one' }),
  port: Type.Integer({
    default: 8080,
    minimum: 0,
    maximum: 65_535,
    description: 'port of the page, the API and /metrics; 0 takes a free one',
  }),
});

const StoreSettings = Type.Object({
  raw: Duration('2h', 'how long every sample is kept', { minimum: '1m' }),
  minute: Duration('48h', 'how long one sample a minute is kept', { minimum: '1m' }),
  tenMinutes: Duration('30d', 'how long one sample in ten minutes is kept', { minimum: '10m' }),
  maxBytes: Type.Integer({
    default: 10_000_000_000,
    minimum: 10_000_000,
    description:
      'largest size of the SQLite files together; beyond it the oldest of the finest samples go first, and are counted',
  }),
});

const MetricsSettings = Type.Object({
  clusterLabel: Type.String({
    default: 'kafka_cluster',
    pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$',
    description: 'label that names the cluster; "cluster" collides with most external labels',
  }),
  detail: Type.Enum(['auto', 'joined', 'separate'], {
    default: 'auto',
    description:
      'joined: /metrics holds partitions too; separate: they stand on /metrics/partitions alone; auto: joined below 20,000 rows of groups and partitions',
  }),
  sampleBudget: Type.Integer({
    default: 1_000_000,
    minimum: 1_000,
    description: 'samples that the exposition may hold; beyond it whole families are left out, and counted',
  }),
});

const LogSettings = Type.Object({
  level: Type.Enum(['debug', 'info', 'warn', 'error'], {
    default: 'info',
    description: 'least severe line that is logged',
  }),
});

/** A code that no finding has would mute nothing, and nobody would notice. */
const ConfiguredPolicy = Type.Object(
  {
    ...Policy.properties,
    mute: Type.Array(Type.Enum([...rules.map(({ code }) => code), 'all']), {
      default: [],
      description: 'codes of findings that are shown, muted, and never alerted; or "all"',
    }),
  },
  { additionalProperties: false },
);

/** Everything that can be set. Objects are closed: an unknown key is a fault. */
export const ConfigSchema = Type.Object({
  interval: Duration('15s', 'time between two cycles of a cluster', { minimum: '500ms' }),
  dataDir: Type.String({ default: './tidemark-data', minLength: 1, description: 'directory of the SQLite files' }),
  http: ListenSettings,
  clusters: Type.Array(ClusterSettings, { minItems: 1, default: [], description: 'the clusters to watch' }),
  ...ScopeSettings.properties,
  collectors: Type.Unsafe<CollectorSettings>(CollectorsSection),
  measures: measureSettings,
  findings: FindingSettings,
  policies: Type.Array(ConfiguredPolicy, {
    default: [],
    description: 'what owners say of their groups: the first whose match fits wins',
  }),
  store: StoreSettings,
  metrics: MetricsSettings,
  log: LogSettings,
});
export type Config = Static<typeof ConfigSchema>;
