/**
 * `npm run scoreboard -- --seeds N --out FILE`: lets tidemark, and two baselines, judge simulated clusters whose truth is known, and
 * prints and writes how well they did. `--quick` is the short form, whose figures must be no worse than quick.json says
 * (`--accept` writes them anew). `--only CODE,CODE` judges cases of these codes alone (`quiet`: the quiet ones). `--kind NAME --seed S`
 * lives one case through and tells of it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { CaseKind } from './case.ts';
import { kinds, quietKinds } from './cases/index.ts';
import { labels } from './labels/index.ts';
import { live } from './live.ts';
import { Pool } from './pool.ts';
import { figuresOf, type QuickFigures, worseThan } from './quick.ts';
import { Random } from './random.ts';
import { Score } from './score.ts';
import { tableOf } from './table.ts';
import { firstRank } from './targets.ts';

/** 40 cases of the other codes and 1,000 quiet group-days for 300 seeds. */
const otherShare = 40 / 300;
const quietDaysPerSeed = 1000 / 300;
/** Draws for one case at most: not each has the truth that its kind is for. */
const drawsPerCase = 4;
/** Quiet cases that are judged before the group-days are counted again: enough for every thread. */
const quietBatch = 8;
/** Between the first seeds of two codes. */
const seedsApart = 1_000_000;

const quick = { seeds: 4, quietDays: 60, figures: new URL('./quick.json', import.meta.url) };

interface Plan {
  seeds: number;
  firstSeed: number;
  quietDays: number;
  /** Whether cases of this code, or of `quiet`, are judged. */
  wants: (code: string) => boolean;
}

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

/** Each code has seeds of its own, which stay when others are added. */
function firstSeedOf(code: string, firstSeed: number): number {
  const hash = [...code].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2000, 0);
  return firstSeed + hash * seedsApart;
}

async function judgeAll(pool: Pool, score: Score, drawn: readonly { kind: CaseKind; seed: number }[]): Promise<void> {
  const results = await pool.run(drawn.map(({ kind, seed }) => ({ name: kind.name, seed })));
  for (const [index, { kind, seed }] of drawn.entries()) score.add(kind, seed, results[index]!);
}

async function judgeTroubles(pool: Pool, score: Score, { seeds, firstSeed, wants }: Plan): Promise<void> {
  for (const { code } of labels.filter((label) => wants(label.code))) {
    const wanted = firstRank.has(code) ? seeds : Math.ceil(seeds * otherShare);
    const among = kinds.filter(({ codes }) => codes.includes(code));
    const before = score.cases(code);
    const draws = among.length === 0 ? 0 : wanted * drawsPerCase;
    for (let draw = 0; draw < draws && score.cases(code) < wanted; ) {
      const count = Math.min(draws - draw, wanted - score.cases(code));
      const batch = Array.from({ length: count }, (_, offset) => {
        const seed = firstSeedOf(code, firstSeed) + draw + offset;
        return { kind: drawKind(among, new Random(seed)), seed };
      });
      draw += count;
      await judgeAll(pool, score, batch);
    }
    say(`${code}: ${score.cases(code)} cases (${before} of them made for other codes)`);
  }
}

async function judgeQuiet(pool: Pool, score: Score, { quietDays, firstSeed }: Plan): Promise<void> {
  // In turn, so that each is there even in a short run; heavier ones come again.
  const turns = quietKinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));
  for (let draw = 0; score.quietGroupDays < quietDays; draw += quietBatch) {
    const batch = Array.from({ length: quietBatch }, (_, offset) => ({
      kind: turns[(draw + offset) % turns.length]!,
      seed: firstSeedOf('quiet', firstSeed) + draw + offset,
    }));
    await judgeAll(pool, score, batch);
  }
  say(`quiet: ${score.quietGroupDays.toFixed(1)} group-days`);
}

async function judge(plan: Plan, workers: number) {
  const startedMs = performance.now();
  const score = new Score();
  await using pool = new Pool(workers);
  await judgeTroubles(pool, score, plan);
  if (plan.wants('quiet')) await judgeQuiet(pool, score, plan);
  say(`${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  return { seeds: plan.seeds, firstSeed: plan.firstSeed, ...score.result() };
}

/** Holds the short form against the figures that were accepted; tells how many are worse. */
function holdAgainstAccepted(now: QuickFigures, accept: boolean): number {
  if (accept) {
    writeFileSync(quick.figures, `${JSON.stringify(now, null, 2)}\n`);
    return 0;
  }
  const accepted = JSON.parse(readFileSync(quick.figures, 'utf8')) as QuickFigures;
  const worse = worseThan(accepted, now);
  for (const line of worse) say(`worse than accepted: ${line}`);
  return worse.length;
}

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '300' },
    first: { type: 'string', default: '1' },
    out: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    accept: { type: 'boolean', default: false },
    kind: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
if (values.kind !== undefined) {
  const { kind, seed } = values;
  process.stdout.write(`${JSON.stringify({ kind, seed, ...live(kind, Number(seed)) }, null, 2)}\n`);
} else {
  const seeds = values.quick ? quick.seeds : Number(values.seeds);
  const quietDays = values.quick ? quick.quietDays : seeds * quietDaysPerSeed;
  const only = values.only?.split(',');
  const wants = (code: string) => only?.includes(code) ?? true;
  const result = await judge({ seeds, quietDays, firstSeed: Number(values.first), wants }, Number(values.workers));
  process.stdout.write(tableOf(result));
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
  if (values.quick && holdAgainstAccepted(figuresOf(result), values.accept) > 0) process.exitCode = 1;
}
