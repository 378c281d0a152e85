import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { errorCatalogue } from '../../../src/model/errors.ts';
import { parseExposition } from '../../support/exposition-text.ts';
import { HttpFixture } from '../../support/http-fixture.ts';
import { bulkReport, makeReport } from '../../support/report-fixture.ts';

const apiPaths = ['clusters', 'groups', 'topics', 'brokers', 'partitions', 'findings', 'events', 'history'];
const report = bulkReport({ topics: 2, partitions: 3, groups: 4, seriesPerGroup: 5 });

describe('the server', () => {
  let http: HttpFixture;
  before(async () => {
    http = await HttpFixture.start([report]);
  });
  after(() => http[Symbol.asyncDispose]());

  describe('errors', () => {
    const cases = [
      { url: '/nothing', status: 404, message: /^Nothing is served at GET \/nothing\.$/ },
      { url: '/api/v1/nothing', status: 404, message: /^Nothing is served at/ },
      { url: '/api/v1/groups?limit=0', status: 400, message: /^The query parameter "limit" must be >= 1\.$/ },
      { url: '/api/v1/groups?limit=1001', status: 400, message: /"limit" must be <= 1000/ },
      { url: '/api/v1/groups?limit=many', status: 400, message: /"limit" must be integer/ },
      { url: '/api/v1/groups?offset=-1', status: 400, message: /"offset"/ },
      { url: '/api/v1/groups?sort=worst', status: 400, message: /"sort" must be one of risk, name,/ },
      { url: '/api/v1/groups?outlook=bad', status: 400, message: /"outlook" must be one of keeps-up,/ },
      { url: '/api/v1/groups?sparkline=perhaps', status: 400, message: /"sparkline" must be boolean/ },
      { url: '/api/v1/groups?nonsense=1', status: 400, message: /^There is no query parameter "nonsense"\.$/ },
      { url: '/api/v1/groups?cluster=none', status: 404, message: /No cluster "none" is watched; there is "c1"/ },
      { url: '/api/v1/partitions?state=fine', status: 400, message: /"state" must be one of offline,/ },
      { url: '/metrics?detail=all', status: 400, message: /"detail" must be one of group, partition/ },
      { url: '/api/v1/groups/%', status: 400, message: /./ },
    ];
    for (const { url, status, message } of cases) {
      it(`of ${url} is one of the catalogue, with a sentence and advice`, async () => {
        const { status: answered, json } = await http.get(url);
        assert.equal(answered, status);
        assert.deepEqual(Object.keys(json), ['error']);
        assert.match(json.error.message, message);
        const entry = errorCatalogue[json.error.code as keyof typeof errorCatalogue];
        assert.deepEqual([entry.status, entry.advice], [status, json.error.advice]);
      });
    }

    it('that are bugs are reported, and tell the client nothing of what went wrong', async () => {
      await using broken = await HttpFixture.start([report]);
      const secret = new Error('password=hunter2');
      broken.history.events = () => {
        throw secret;
      };
      const { status, json } = await broken.get('/api/v1/events');
      assert.equal(status, 500);
      assert.equal(json.error.code, 'bug.unexpected');
      assert.doesNotMatch(JSON.stringify(json), /hunter2/);
      assert.deepEqual(broken.bugs, [secret]);
      assert.deepEqual(http.bugs, []);
    });
  });

  describe('revalidation', () => {
    it('answers 304 until a cycle ends', async () => {
      await using own = await HttpFixture.start([report]);
      const first = await own.get('/api/v1/groups');
      const etag = String(first.headers.etag);
      const again = await own.get('/api/v1/groups', { 'if-none-match': etag });
      assert.deepEqual([again.status, again.text, again.headers.etag], [304, '', etag]);
      own.board.slots[0]!.publish(makeReport({}), { store: null });
      const changed = await own.get('/api/v1/groups', { 'if-none-match': etag });
      assert.equal(changed.status, 200);
      assert.notEqual(changed.headers.etag, etag);
      assert.equal(changed.json.total, 0);
    });

    it('never keeps the answer that tells the time: ages go on while cycles do not', async () => {
      await using own = await HttpFixture.start([report]);
      const first = await own.get('/api/v1/clusters');
      assert.deepEqual([first.headers.etag, first.headers['cache-control']], [undefined, 'no-store']);
      own.nowMs += 60_000;
      assert.equal((await own.get('/api/v1/clusters')).json.serverMs, first.json.serverMs + 60_000);
    });

    it('does not let an error be kept', async () => {
      assert.equal((await http.get('/api/v1/groups/nope')).headers.etag, undefined);
    });
  });

  describe('the page', () => {
    it('is served with modules whose types are stripped, and all that its import map names', async () => {
      const index = await http.get('/');
      assert.equal(index.status, 200);
      const map = JSON.parse(/<script type="importmap">([\s\S]*?)<\/script>/.exec(index.text)![1]!);
      const linked = Array.from(index.text.matchAll(/(?:src|href)="([^"#?]+)"/g), ([, address]) => address!);
      for (const address of [...linked, ...(Object.values(map.imports) as string[])]) {
        assert.equal((await http.get(`/${address.replace('./', '')}`)).status, 200, address);
      }
      const main = await http.get('/main.ts');
      assert.match(String(main.headers['content-type']), /^text\/javascript/);
      assert.doesNotMatch(main.text, /import type/);
      assert.equal((await http.get('/main.ts', { 'if-none-match': String(main.headers.etag) })).status, 304);
    });

    it('may load nothing from elsewhere, and run no inline script but its import map', async () => {
      const { headers, text } = await http.get('/');
      const policy = String(headers['content-security-policy']);
      const map = /<script type="importmap">([\s\S]*?)<\/script>/.exec(text)![1]!;
      const hash = createHash('sha256').update(map).digest('base64');
      assert.ok(policy.includes(`script-src 'self' 'sha256-${hash}'`), policy);
      assert.doesNotMatch(policy, /unsafe|https?:|\*/);
      assert.equal(headers['strict-transport-security'], undefined);
    });

    for (const url of [
      '/tsconfig.json',
      '/../package.json',
      '/%2e%2e/package.json',
      '/vendor/../package.json',
      '/web/main.ts',
    ]) {
      it(`serves nothing else: ${url}`, async () => assert.equal((await http.get(url)).status, 404));
    }
  });

  describe('metrics', () => {
    it('are gzip where that is accepted, and plain where not', async () => {
      const gzip = await http.get('/metrics/partitions', { 'accept-encoding': 'deflate, gzip;q=1.0' });
      const plain = await http.get('/metrics/partitions');
      assert.equal(gzip.headers['content-encoding'], 'gzip');
      assert.equal(plain.headers['content-encoding'], undefined);
      assert.equal(plain.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
      assert.equal(gunzipSync(gzip.bytes).toString(), plain.text);
      const refused = await http.get('/metrics/partitions', { 'accept-encoding': 'gzip;q=0' });
      assert.equal(refused.headers['content-encoding'], undefined);
    });

    it('are OpenMetrics where that is preferred', async () => {
      const { headers, text } = await http.get('/metrics', { accept: 'application/openmetrics-text;version=1.0.0' });
      assert.equal(headers['content-type'], 'application/openmetrics-text; version=1.0.0; charset=utf-8');
      assert.ok(text.endsWith('# EOF\n'));
    });

    it('hold the partitions on one page or on the other', async () => {
      const count = async (url: string) => {
        const samples = parseExposition((await http.get(url)).text);
        return samples.filter(({ name }) => name === 'tidemark_group_partition_lag_records').length;
      };
      assert.equal(await count('/metrics'), 20, 'joined on a small cluster');
      assert.equal(await count('/metrics?detail=group'), 0);
      assert.equal(await count('/metrics?detail=partition'), 20);
      assert.equal(await count('/metrics/partitions'), 20);
    });
  });

  describe('/openapi.json', () => {
    it('describes each route of the API with parameters and answers', async () => {
      const { json } = await http.get('/openapi.json');
      assert.equal(json.openapi, '3.1.0');
      for (const path of apiPaths) {
        const { operationId, summary, responses } = json.paths[`/api/v1/${path}`].get;
        assert.ok(operationId && summary, path);
        assert.deepEqual(Object.keys(responses), ['200', '4XX', '5XX']);
        assert.equal(responses['200'].content['application/json'].schema.type, 'object');
      }
    });

    it('demands only what has no default, and names each operation once', async () => {
      const { json } = await http.get('/openapi.json');
      const operations = Object.values(
        json.paths as Record<
          string,
          { get: { operationId: string; parameters?: { name: string; in: string; required: boolean }[] } }
        >,
      );
      const ids = operations.map(({ get }) => get.operationId);
      assert.equal(new Set(ids).size, ids.length);
      const demanded = operations
        .flatMap(({ get }) => get.parameters ?? [])
        .filter((each) => each.in === 'query' && each.required);
      assert.deepEqual(
        demanded.map(({ name }) => name),
        ['field'],
      );
    });
  });

  it('answers whatever is asked, and never with a bug', async () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.integer().map(String),
      fc.constantFrom('', '-0', 'NaN', '1e999', 'null', 'true', '%00', '[]'),
    );
    const names = [
      'cluster',
      'filter',
      'outlook',
      'topic',
      'finding',
      'sort',
      'order',
      'limit',
      'offset',
      'sparkline',
      'field',
      'fromMs',
      'toMs',
      'points',
      'partition',
      'groupId',
      'state',
      'severity',
      'code',
      'x',
    ];
    const query = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 4 });
    const path = fc.oneof(
      fc.constantFrom(...apiPaths),
      value.map((name) => `groups/${encodeURIComponent(name)}`),
      value.map((name) => `topics/${encodeURIComponent(name)}`),
    );
    await fc.assert(
      fc.asyncProperty(path, query, async (asked, pairs) => {
        const { status, json } = await http.get(`/api/v1/${asked}?${new URLSearchParams(pairs)}`);
        assert.ok([200, 400, 404].includes(status), `${status} ${JSON.stringify(json)}`);
        if (status !== 200) assert.ok(json.error.message.length > 10);
      }),
      { numRuns: 300 },
    );
    assert.deepEqual(http.bugs, []);
  });
});

describe('one client that asks without end', () => {
  it('is told to wait, while scrapes and probes go on', async (t) => {
    t.mock.timers.enable({ apis: ['Date'] }); // on a slow machine the minute would pass meanwhile
    await using http = await HttpFixture.start([makeReport({})]);
    let status = 200;
    for (let asked = 0; status === 200 && asked < 5000; asked++) status = (await http.get('/api/v1/brokers')).status;
    const { json, headers } = await http.get('/api/v1/brokers');
    assert.equal(status, 429);
    assert.equal(json.error.code, 'request.too-many');
    assert.ok(Number(headers['retry-after']) > 0);
    assert.equal((await http.get('/metrics')).status, 200);
    assert.equal((await http.get('/healthz')).status, 200);
    assert.equal((await http.get('/')).status, 200);
  });
});
