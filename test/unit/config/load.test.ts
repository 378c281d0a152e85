import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ConfigSources, loadConfig } from '../../../src/config/load.ts';
import { TidemarkError } from '../../../src/model/errors.ts';

const cluster = { bootstrapServers: 'a:9092' };

/** The sentences of what is wrong, one a fault. */
function faultsOf(sources: ConfigSources): readonly string[] {
  try {
    loadConfig(sources);
  } catch (error) {
    assert.ok(error instanceof TidemarkError && error.code === 'config.invalid', String(error));
    return error.context.faults as string[];
  }
  assert.fail('the settings were taken');
}

const file = (text: string) => ({ name: 'tidemark.yaml', text });

describe('settings', () => {
  it('need no more than brokers: everything else has a default', () => {
    const config = loadConfig({ cluster });
    assert.deepEqual(config.http, { host: '127.0.0.1', port: 8080 });
    assert.equal(config.interval, 15_000);
    assert.equal(config.dataDir, './tidemark-data');
    assert.deepEqual(config.groups, { include: ['*'], exclude: [] });
    assert.equal(config.collectors['topic-configs'].every, 60_000);
    assert.equal(config.findings.holdFindings, 3_600_000);
  });

  it('flags win over the environment, that over the file, that over the defaults', () => {
    const sources: ConfigSources = {
      file: file('interval: 2s\nhttp: {host: file, port: 1}\nlog: {level: warn}'),
      environment: { TIDEMARK_HTTP_HOST: 'environment', TIDEMARK_HTTP_PORT: '2' },
      flags: [{ path: ['http', 'port'], text: '3', source: '--port' }],
      cluster,
    };
    const { interval, http, log, store } = loadConfig(sources);
    assert.deepEqual(
      { interval, http, log },
      { interval: 2000, http: { host: 'environment', port: 3 }, log: { level: 'warn' } },
    );
    assert.equal(store.raw, 7_200_000);
  });

  it('name one cluster by flag or environment, in the place of the list in the file', () => {
    const text = 'clusters: [{name: x, bootstrapServers: "x:1"}, {name: y, bootstrapServers: "y:1"}]';
    const named = loadConfig({ file: file(text), cluster: { bootstrapServers: 'z:1', name: 'z' } });
    assert.deepEqual(
      named.clusters.map(({ name, bootstrapServers }) => [name, bootstrapServers]),
      [['z', 'z:1']],
    );
    const environment = { TIDEMARK_BOOTSTRAP_SERVERS: 'e:1', TIDEMARK_CLUSTER_NAME: 'e' };
    assert.deepEqual(
      loadConfig({ file: file(text), environment }).clusters.map(({ name }) => name),
      ['e'],
    );
    assert.deepEqual(
      loadConfig({ file: file(text) }).clusters.map(({ name }) => name),
      ['x', 'y'],
    );
  });

  it('read lists by comma, maps as YAML, and durations with their unit from the environment', () => {
    const environment = {
      TIDEMARK_GROUPS_EXCLUDE: 'a-*, b',
      TIDEMARK_COLLECTORS_END_OFFSETS_EVERY: '500ms',
      TIDEMARK_POLICIES: '[{match: {group: "x*"}, team: payments}]',
    };
    const config = loadConfig({ cluster, environment });
    assert.deepEqual(config.groups.exclude, ['a-*', 'b']);
    assert.equal(config.collectors['end-offsets'].every, 500);
    assert.equal(config.policies[0]?.team, 'payments');
    assert.equal(config.policies[0]?.isolationLevel, 'read_uncommitted', 'defaults reach into lists');
  });

  it('take a section without content for one with defaults', () => {
    assert.equal(loadConfig({ cluster, file: file('http:\nstore:\n') }).http.port, 8080);
  });

  it('ignore names that Kubernetes puts into the environment for a service called tidemark', () => {
    assert.ok(loadConfig({ cluster, environment: { TIDEMARK_PORT: 'tcp://10.0.0.1:80', TIDEMARK_SERVICE_HOST: 'x' } }));
  });

  it('are needed by commands that work offline too, but for the clusters', () => {
    assert.deepEqual(loadConfig({}, 'offline').clusters, []);
  });
});

describe('every fault is named at once: where, what, and what to write instead', () => {
  const cases: Record<string, [sources: ConfigSources, faults: readonly string[]]> = {
    'several, of all sources': [
      {
        file: file('interval: soon\nstore: {raw: 1s}'),
        environment: { TIDEMARK_LOG_LEVEL: 'loud' },
        flags: [{ path: ['http', 'port'], text: '99999', source: '--port' }],
        cluster: { bootstrapServers: 'nowhere' },
      },
      [
        'tidemark.yaml: interval: "soon" is no duration; write a duration of at least 500ms: a number and ms, s, m, h or d, such as 15s',
        '--port: http.port: 99999 does not fit; write a whole number from 0 to 65535, such as 8080',
        '--bootstrap-servers: clusters[0].bootstrapServers: "nowhere" does not fit; write text: brokers to begin with, "host:port,host:port"; all others are found through them',
        'tidemark.yaml: store.raw: 1s does not fit; write a duration of at least 1m: a number and ms, s, m, h or d, such as 2h',
        'TIDEMARK_LOG_LEVEL: log.level: "loud" does not fit; write one of debug, info, warn, error, such as info',
      ],
    ],
    'no cluster': [
      {},
      [
        'clusters: no cluster is named; give --bootstrap-servers host:port, set TIDEMARK_BOOTSTRAP_SERVERS, or list clusters in the file',
      ],
    ],
    'a name mistyped': [
      { cluster, file: file('intervall: 2s') },
      ['tidemark.yaml: intervall: there is no such setting; write interval'],
    ],
    'a name that stands elsewhere': [
      { cluster, file: file('port: 80') },
      ['tidemark.yaml: port: there is no such setting; write http.port'],
    ],
    'a name nobody knows': [
      { cluster, file: file('http: {zzz: 1}') },
      ['tidemark.yaml: http.zzz: there is no such setting; leave it out, or write one of host, port'],
    ],
    'a name that every object has': [
      { cluster, flags: [{ path: ['http', '__proto__'], text: '1', source: '--set' }] },
      ['--set: http.__proto__: there is no such setting; leave it out, or write one of host, port'],
    ],
    'a duration without its unit': [
      { cluster, file: file('interval: 15') },
      [
        'tidemark.yaml: interval: 15 is no duration; write a duration of at least 500ms: a number and ms, s, m, h or d, such as 15s',
      ],
    ],
    'a section that is none': [
      { cluster, file: file('http: 80') },
      ['tidemark.yaml: http: 80 does not fit; write a map with host, port'],
    ],
    'something within a list': [
      { cluster, file: file('policies: [{match: {grup: a}}, {match: {}, sloSeverity: loud}]') },
      [
        'tidemark.yaml: policies[0].match.grup: there is no such setting; write policies[0].match.group',
        'tidemark.yaml: policies[1].sloSeverity: "loud" does not fit; write one of info, warning, critical, such as warning',
      ],
    ],
    'a section that nobody knows': [
      { cluster, flags: [{ path: ['stor', 'raw'], text: '1h', source: '--set' }] },
      ['--set: stor: there is no such setting; write store'],
    ],
    'brokers that the environment names': [
      { environment: { TIDEMARK_BOOTSTRAP_SERVERS: 'a:65536' } },
      [
        'TIDEMARK_BOOTSTRAP_SERVERS: clusters[0].bootstrapServers: "a:65536" does not fit; write text: brokers to begin with, "host:port,host:port"; all others are found through them',
      ],
    ],
    'a port 0 behind good ones, and a name without letters': [
      { file: file('clusters: [{bootstrapServers: "a:65535,b:1,c:0", name: ""}]') },
      [
        'tidemark.yaml: clusters[0].name: "" does not fit; write text',
        'tidemark.yaml: clusters[0].bootstrapServers: "a:65535,b:1,c:0" does not fit; write text: brokers to begin with, "host:port,host:port"; all others are found through them',
      ],
    ],
    'a password before a host, and what a terminal obeys': [
      { cluster: { bootstrapServers: 'kafka://joe:secret@a:9092,\u009b2J' } },
      [
        '--bootstrap-servers: clusters[0].bootstrapServers: "kafka://***@a:9092,\u{fffd}2J" does not fit; write text: brokers to begin with, "host:port,host:port"; all others are found through them',
      ],
    ],
    "a value of a novel's length": [
      { cluster, flags: [{ path: ['http', 'port'], text: 'x'.repeat(1_000_000), source: '--port' }] },
      [`--port: http.port: "${'x'.repeat(199)}... does not fit; write a whole number from 0 to 65535, such as 8080`],
    ],
    'a circle in the environment': [
      { cluster, environment: { TIDEMARK_POLICIES: '&all [*all]' } },
      ['TIDEMARK_POLICIES: policies: "&all [*all]" does not fit; write a list'],
    ],
    'two clusters of one name, beside other faults': [
      { file: file('intervall: 1s\nclusters: [{name: x, bootstrapServers: "a:1"}, {name: x}, 5]') },
      [
        'tidemark.yaml: intervall: there is no such setting; write interval',
        'tidemark.yaml: clusters[1].bootstrapServers: is missing; write text: brokers to begin with, "host:port,host:port"; all others are found through them',
        'tidemark.yaml: clusters[2]: 5 does not fit; write a map with name, bootstrapServers, connectTimeout, requestTimeout',
        'tidemark.yaml: clusters[1].name: "x" names two clusters; write another name',
      ],
    ],
    'two clusters of one name': [
      { file: file('clusters: [{name: x, bootstrapServers: "a:1"}, {name: x, bootstrapServers: "b:1"}]') },
      ['tidemark.yaml: clusters[1].name: "x" names two clusters; write another name'],
    ],
  };
  for (const [name, [sources, faults]] of Object.entries(cases)) {
    it(name, () => assert.deepEqual(faultsOf(sources), faults));
  }

  it('and a file that is no YAML is named with its lines', () => {
    assert.throws(() => loadConfig({ file: file('a: [\nb: 1') }), {
      code: 'config.unreadable',
      message: /^tidemark\.yaml is not YAML:\n {2}.*line 2/,
    });
  });

  const hostile: Record<string, [text: string, problem: RegExp]> = {
    'an alias of nothing': ['policies: *nobody', /Unresolved alias.*nobody/],
    'an alias of what holds it': ['policies: &all [*all]', /circular/],
    'aliases that grow to more than memory has': [
      ['a0: &a0 [x, x]', ...Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`)].join(
        '\n',
      ),
      /Excessive alias count/,
    ],
    'lists deeper than the stack': ['['.repeat(20_000), /call stack|Flow sequence/],
  };
  for (const [what, [text, problem]] of Object.entries(hostile)) {
    it(`so is ${what}`, () => {
      const error = { code: 'config.unreadable', message: problem };
      assert.throws(() => loadConfig({ cluster, file: file(text) }), error);
    });
  }

  it('and a file that holds a list is no file of settings', () => {
    assert.throws(() => loadConfig({ file: file('- a') }), { code: 'config.invalid', message: /holds no settings/ });
  });

  it('names a code that no finding has: it would mute nothing, and nobody would notice', () => {
    const policies = 'policies: [{match: {group: a}, mute: [stopped, stoped]}, {mute: [all]}]';
    assert.throws(
      () => loadConfig({ cluster, file: file(policies) }),
      /policies\[0\]\.mute\[1\]: "stoped" does not fit; write one of [a-z, -]*stopped[a-z, -]*, all$/m,
    );
  });
});
