/**
 * Preloaded by the test runner: property tests draw the same cases in every run, so that a change is judged by what it changes.
 * TIDEMARK_TEST_SEED=<whole number> draws others, to look for what these do not meet; fast-check names the seed of a failure.
 */
import fc from 'fast-check';

const seed = Number(process.env.TIDEMARK_TEST_SEED ?? 20_261_121);
if (!Number.isInteger(seed)) throw new Error('TIDEMARK_TEST_SEED is no whole number');
fc.configureGlobal({ seed });
