/**
 * `npm run scoreboard -- --seeds N --out FILE`: lets tidemark, and two baselines, judge simulated clusters whose truth is known, and
 * prints and writes how well they did. `--quick` is the short form. `--kind NAME --seed S` lives one case through and tells of it.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { CaseKind } from './case.ts';
import { faultKinds } from './cases/faults.ts';
import { lossKinds } from './cases/losses.ts';
import { quietKinds } from './cases/quiet.ts';
import { standstillKinds } from './cases/standstills.ts';
import { type LabelledCode, labelledCodes } from './labels.ts';
import { Random } from './random.ts';
import { Score } from './score.ts';
import { tableOf } from './table.ts';
import { watch } from './watch.ts';

const kinds: readonly CaseKind[] = [...lossKinds, ...standstillKinds, ...faultKinds, ...quietKinds];

/** Codes of which fewer cases suffice. */
const lesser: ReadonlySet<LabelledCode> = new Set(['under-replicated', 'rebalance-storm', 'cluster-unreachable']);
/** Shares of the number of seeds: 40 cases of the lesser codes and 1,000 quiet group-days for 300 seeds. */
const lesserShare = 40 / 300;
const quietDaysPerSeed = 1000 / 300;
/** Draws for one case at most: not each has the truth that its kind is for. */
const drawsPerCase = 4;

const quickSeeds = 6;

function say(text: string): void {
  process.stderr.write(`scoreboard: ${text}\n`);
}

function drawKind(among: readonly CaseKind[], random: Random): CaseKind {
  let left = random.between(
    0,
    among.reduce((sum, { weight }) => sum + weight, 0),
  );
  for (const kind of among) {
    left -= kind.weight;
    if (left < 0) return kind;
  }
  return among[0]!;
}

function live(kind: CaseKind, seed: number) {
  return watch(kind.draw(new Random(seed)), seed);
}

function scoreTroubles(score: Score, seeds: number, firstSeed: number): void {
  for (const code of labelledCodes) {
    const wanted = lesser.has(code) ? Math.ceil(seeds * lesserShare) : seeds;
    const among = kinds.filter(({ codes }) => codes.includes(code));
    const before = score.cases(code);
    for (let draw = 0; draw < wanted * drawsPerCase && score.cases(code) < wanted; draw++) {
      const seed = firstSeed + labelledCodes.indexOf(code) * 1_000_000 + draw;
      const kind = drawKind(among, new Random(seed));
      score.add(kind, seed, live(kind, seed));
    }
    say(`${code}: ${score.cases(code)} cases (${before} of them made for other codes)`);
  }
}

function scoreQuiet(score: Score, days: number, firstSeed: number): void {
  // In turn, so that each is there even in a short run; heavier ones come again.
  const turns = quietKinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));
  for (let draw = 0; draw < turns.length || score.quietDays < days; draw++) {
    if (score.quietDays >= days) break;
    const seed = firstSeed + labelledCodes.length * 1_000_000 + draw;
    const kind = turns[draw % turns.length]!;
    score.add(kind, seed, live(kind, seed));
  }
  say(`quiet: ${score.quietDays.toFixed(1)} group-days`);
}

function tellOf(name: string, seed: number): string {
  const kind = kinds.find((one) => one.name === name);
  if (kind === undefined)
    return `There is no kind "${name}": choose one of\n${kinds.map((one) => one.name).join('\n')}\n`;
  const { episodes, alarms, polls, burrow, lagThreshold } = live(kind, seed);
  return `${JSON.stringify({ kind: name, seed, case: kind.draw(new Random(seed)), polls, episodes, alarms, burrow, lagThreshold }, null, 2)}\n`;
}

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '300' },
    first: { type: 'string', default: '1' },
    out: { type: 'string' },
    quick: { type: 'boolean', default: false },
    kind: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
if (values.kind !== undefined) {
  process.stdout.write(tellOf(values.kind, Number(values.seed)));
} else {
  const seeds = values.quick ? quickSeeds : Number(values.seeds);
  const startedMs = performance.now();
  const score = new Score();
  scoreTroubles(score, seeds, Number(values.first));
  scoreQuiet(score, seeds * quietDaysPerSeed, Number(values.first));
  const result = { seeds, firstSeed: Number(values.first), ...score.result() };
  say(`${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  process.stdout.write(tableOf(result));
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
}
