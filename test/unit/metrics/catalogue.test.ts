import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogue, sheddingOrder } from '../../../src/metrics/catalogue.ts';
import { metricsDocument } from '../../../src/metrics/document.ts';
import { rowLabels } from '../../../src/metrics/family.ts';
import { selfCatalogue } from '../../../src/metrics/self-metrics.ts';

const all = [...catalogue, ...Object.values(selfCatalogue)];

describe('the catalogue', () => {
  it('names each family once', () => {
    assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  });

  for (const { name, type, help } of all) {
    it(`${name} follows the rules of names and help`, () => {
      assert.match(name, /^tidemark_[a-z0-9_]+$/);
      assert.equal(name.endsWith('_total'), type === 'counter', 'counters, and they alone, end in _total');
      assert.doesNotMatch(name, /_(ms|milliseconds|minutes|kilobytes)(_|$)/, 'base units');
      assert.doesNotMatch(help, /["\n\\|]|\.$/);
    });
  }

  it('gives each family labels that differ from those of its rows', () => {
    for (const { name, rows, labels = [] } of catalogue) {
      const names = [...rowLabels[rows], ...labels];
      assert.equal(new Set(names).size, names.length, name);
    }
  });

  it('sheds only what it has', () => {
    assert.deepEqual(
      sheddingOrder.filter((name) => !catalogue.some((family) => family.name === name)),
      [],
    );
  });

  it('has every family in its document', () => {
    const text = metricsDocument();
    for (const { name, help } of all) assert.ok(text.includes(`| \`${name}\` |`) && text.includes(help), name);
  });
});
