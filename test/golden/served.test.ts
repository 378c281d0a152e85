import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Check, Errors } from 'typebox/schema';
import { engineSettings } from '../../src/cluster-session.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { groupAnswer } from '../../src/model/group-json.ts';
import type { Report } from '../../src/model/report.ts';
import { topicAnswer } from '../../src/model/topic-json.ts';
import { decodeTraceLine } from '../../src/model/trace-decode.ts';
import { parseExposition } from '../support/exposition-text.ts';
import { HttpFixture } from '../support/http-fixture.ts';

/** The last report of the recorded demo, as the engine made it. */
function lastReport(): Report {
  const trace = gunzipSync(readFileSync(join(import.meta.dirname, 'demo.trace.jsonl.gz'))).toString();
  const engine = createEngine(engineSettings(loadConfig({}, 'offline')));
  let report: Report | undefined;
  for (const line of trace.trimEnd().split('\n')) {
    const decoded = decodeTraceLine(line);
    assert.ok('snapshot' in decoded);
    const steps = engine.advance(decoded.snapshot);
    let step = steps.next();
    while (!step.done) step = steps.next();
    report = step.value.report;
  }
  return report!;
}

describe('the recorded demo, served', () => {
  let http: HttpFixture;
  before(async () => {
    const report = lastReport();
    http = await HttpFixture.start([report]);
    http.history.storedTransitions = report.findings.map((finding) => ({
      ...finding,
      type: 'raised',
      atMs: http.nowMs,
    }));
  });
  after(() => http[Symbol.asyncDispose]());

  it('answers as /openapi.json says', async () => {
    const { paths } = (await http.get('/openapi.json')).json;
    const query: Record<string, string> = { '/api/v1/history': '?groupId=healthy&field=lag' };
    for (const [path, { get }] of Object.entries<{ get: { responses: Record<string, unknown> } }>(paths)) {
      if (!path.startsWith('/api/')) continue;
      const url = path.replace('{groupId}', 'healthy').replace('{topic}', 'healthy');
      const { status, json } = await http.get(url + (query[path] ?? ''));
      assert.equal(status, 200, url);
      const { schema } = (get.responses['200'] as { content: Record<string, { schema: object }> }).content[
        'application/json'
      ]!;
      assert.ok(Check(schema, json), `${path}: ${JSON.stringify(Errors(schema, json))}`);
    }
  });

  it('leaves out nothing of a group or topic that its schema should have named', async () => {
    const { view } = http.board.slots[0]!;
    const { groups, topics } = view!.report;
    for (const groupId of groups.groupId.filter((_, row) => groups.alive[row] === 1)) {
      const { json } = await http.get(`/api/v1/groups/${groupId}`);
      assert.deepEqual(json, JSON.parse(JSON.stringify(groupAnswer(view!, view!.groupRow(groupId)!))));
    }
    for (const topic of topics.topic.filter((_, row) => topics.alive[row] === 1)) {
      const { json } = await http.get(`/api/v1/topics/${topic}`);
      assert.deepEqual(json, JSON.parse(JSON.stringify(topicAnswer(view!, view!.topicRow(topic)!))));
    }
  });

  it('comes by risk: who loses data first', async () => {
    const { json } = await http.get('/api/v1/groups');
    const outlooks = json.groups.map(({ outlook }: { outlook: string }) => outlook);
    assert.equal(outlooks[0], 'losing');
    const lastAtRisk = outlooks.findLastIndex((outlook: string) => outlook === 'losing' || outlook === 'loses-first');
    assert.ok(
      outlooks.slice(0, lastAtRisk + 1).every((outlook: string) => /^los/.test(outlook)),
      outlooks.join(' '),
    );
  });

  it('has the lag of each group and topic as the sum over its partitions', async () => {
    const samples = parseExposition((await http.get('/metrics?detail=partition')).text);
    const sums = new Map<string, number>();
    for (const { name, labels, value } of samples) {
      if (name !== 'tidemark_group_partition_lag_records') continue;
      const key = `${labels.group} ${labels.topic}`;
      sums.set(key, (sums.get(key) ?? 0) + value);
    }
    const ofTopics = samples.filter(({ name }) => name === 'tidemark_group_topic_lag_records');
    assert.ok(ofTopics.length >= 9);
    for (const { labels, value } of ofTopics) assert.equal(value, sums.get(`${labels.group} ${labels.topic}`));
  });
});
