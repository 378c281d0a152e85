import assert from 'node:assert/strict';
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { encodeTraceLine } from '../../src/model/trace-encode.ts';
import { tidemark } from '../support/tidemark-command.ts';
import { TraceBuilder } from '../support/trace-builder.ts';

/** A group that reads too slowly for its topic's retention, and a quiet one: `polls` snapshots, 15 s apart. */
function simulatedTrace(polls: number): string[] {
  const lines: string[] = [];
  const config = { retentionMs: 3_600_000, segmentMs: 60_000 };
  new TraceBuilder()
    .topic('orders', { partitions: 2, rate: 100, config })
    .group('slow', { topics: ['orders'], rate: 20 })
    .group('healthy', { topics: ['orders'], rate: 1_000 })
    .run(polls * 15_000, (snapshot) => {
      lines.push(encodeTraceLine(snapshot));
      return [];
    });
  return lines;
}

interface Line {
  type: string;
  atMs: number;
  code?: string;
  groupId?: string;
  severity?: string;
  team?: string;
  tier?: string;
  labels?: object;
  muted?: boolean;
  id?: string;
  summary?: string;
  evidence?: object;
}

function parsed(stdout: string): Line[] {
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

const trace = simulatedTrace(220);
const whole = `${trace.join('\n')}\n`;

describe('tidemark replay', () => {
  it('says of a recorded cluster what it said when this file was last agreed upon', async () => {
    // The demo's cluster, as `tidemark record` wrote it. UPDATE_GOLDEN=1 accepts what replay says now: read the difference.
    const expectedFile = 'test/golden/demo.findings.jsonl';
    const recorded = gunzipSync(readFileSync('test/golden/demo.trace.jsonl.gz'));
    const { status, stdout, stderr } = await tidemark(['replay', '--config', 'demo/tidemark.yaml', '-'], recorded);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    // Summaries and evidence have tests of their own; here counts what is said of whom, and when.
    const told = parsed(stdout).map(({ evidence, summary, id, ...rest }) => JSON.stringify(rest));
    if (process.env.UPDATE_GOLDEN) writeFileSync(expectedFile, `${told.join('\n')}\n`);
    assert.deepEqual(told, readFileSync(expectedFile, 'utf8').trimEnd().split('\n'));
  });

  it('raises what will be lost, of the slow group only, and says it the same way every time', async () => {
    const first = await tidemark(['replay', '-'], whole);
    assert.deepEqual({ status: first.status, stderr: first.stderr }, { status: 0, stderr: '' });
    const findings = parsed(first.stdout);
    assert.ok(findings.some(({ type, code }) => type === 'raised' && code === 'will-lose-data'));
    assert.deepEqual([...new Set(findings.map(({ groupId }) => groupId))], ['slow']);
    assert.equal((await tidemark(['replay', '-'], whole)).stdout, first.stdout);
  });

  it('reads files one after the other as one trace', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'tidemark-replay-'));
    const files = [trace.slice(0, 60), trace.slice(60)].map((lines, index) => {
      const file = join(folder.path, `${index}.jsonl`);
      writeFileSync(file, lines.join('\n'));
      return file;
    });
    assert.equal((await tidemark(['replay', ...files])).stdout, (await tidemark(['replay', '-'], whole)).stdout);
  });

  it('prints every report where asked, with the numbers of each series', async () => {
    const { stdout } = await tidemark(['replay', '--reports', '-'], whole);
    const reports = parsed(stdout).filter(({ type }) => type === 'report');
    assert.equal(reports.length, trace.length);
    const last = reports.at(-1) as unknown as { groups: { groupId: string; partitions: Record<string, unknown>[] }[] };
    const slow = last.groups.find(({ groupId }) => groupId === 'slow')?.partitions[0];
    assert.equal(slow?.ownership, 'owned');
    assert.equal(slow.outlook, 'loses-first');
    assert.ok(Math.abs((slow.produceRate as number) - 100) < 5, `${slow.produceRate}`);
    assert.ok(Math.abs((slow.consumeRate as number) - 20) < 2, `${slow.consumeRate}`);
  });

  it('judges by the policies of a file', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'tidemark-replay-'));
    const policies = join(folder.path, 'policies.yaml');
    const owner = 'team: payments, tier: gold, labels: {channel: pay}';
    writeFileSync(policies, `policies: [{match: {group: slow}, ${owner}, lossPageSeconds: 0, mute: [lagging]}]`);
    const { status, stdout } = await tidemark(['replay', '--policy', policies, '-'], whole);
    assert.equal(status, 0);
    const raised = parsed(stdout).filter(({ code }) => code === 'will-lose-data');
    assert.ok(raised.length > 0);
    assert.deepEqual(
      [...new Set(raised.map(({ severity }) => severity))],
      ['warning'],
      'no loss is near enough to page',
    );
    const [first] = raised;
    assert.deepEqual([first?.team, first?.tier, first?.labels], ['payments', 'gold', { channel: 'pay' }]);
    const muted = parsed(stdout).find(({ type, code }) => type === 'raised' && code === 'lagging');
    assert.deepEqual([muted?.severity, muted?.muted], ['info', true]);
  });

  it('names a damaged line by file and number, skips it, and ends with 1', async () => {
    const lines = trace.slice(0, 4);
    const damaged = [lines[0], '{"cluster":', lines[1], lines[1], lines[2], '{"cluster":"c1","atMs":1e999}', lines[3]];
    using folder = mkdtempDisposableSync(join(tmpdir(), 'tidemark-replay-'));
    const file = join(folder.path, 'damaged.jsonl');
    writeFileSync(file, damaged.join('\n'));
    const { status, stdout, stderr } = await tidemark(['replay', '--reports', file]);
    assert.equal(status, 1);
    assert.equal(parsed(stdout).filter(({ type }) => type === 'report').length, 4);
    const named = stderr.trimEnd().split('\n');
    assert.equal(named.length, 3, stderr);
    assert.match(named[0]!, /damaged\.jsonl:2: damaged: not JSON/);
    assert.match(named[1]!, /damaged\.jsonl:4: damaged: monotonicMs 30000 does not come after 30000/);
    assert.match(named[2]!, /damaged\.jsonl:6: damaged: .*atMs/);
  });
});
