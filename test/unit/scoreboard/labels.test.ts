/** Every code that is labelled has cases, and a case made for a code really meets its rule, by the exact state alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case } from '../../scoreboard/case.ts';
import { kinds } from '../../scoreboard/cases/index.ts';
import { labels } from '../../scoreboard/labels/index.ts';
import { watchStartMs } from '../../scoreboard/plan.ts';
import { Random } from '../../scoreboard/random.ts';
import { SimulatedCluster } from '../../scoreboard/simulated-cluster.ts';
import { TruthBook } from '../../scoreboard/truth-book.ts';

/** As often as the scoreboard draws for one case: not each draw has the truth that its kind is for. */
const draws = 4;

/** Codes whose rule the exact state met, when nobody watches. */
function codesMet(testCase: Case, seed: number): Set<string> {
  const random = new Random(seed);
  const cluster = new SimulatedCluster(testCase.cluster, random);
  const { intervalMs } = testCase.poll;
  const truth = new TruthBook({
    intervalMs,
    allowedStopMs: () => testCase.allowedStopMs ?? null,
    policyOf: () => testCase.policies?.[0],
  });
  testCase.script?.(cluster, random);
  for (let atMs = 0; atMs < testCase.watchMs && !testCase.endsWhen?.(cluster); atMs += intervalMs) {
    cluster.advanceTo(watchStartMs + atMs);
    truth.observe(cluster);
  }
  return new Set(truth.episodes.map(({ code }) => code));
}

test('every labelled code has a kind of case, and every kind is for labelled codes', () => {
  const made = new Set(kinds.flatMap(({ codes }) => codes));
  assert.deepEqual([...made].sort(), labels.map(({ code }) => code).sort());
});

for (const { name, codes, draw } of kinds.filter((kind) => kind.codes.length > 0)) {
  test(`"${name}" meets what it is made for: ${codes.join(', ')}`, () => {
    const met = new Set<string>();
    for (let seed = 1; seed <= draws && codes.some((code) => !met.has(code)); seed++) {
      for (const code of codesMet(draw(new Random(seed)), seed)) met.add(code);
    }
    assert.deepEqual(
      codes.filter((code) => !met.has(code)),
      [],
    );
  });
}
