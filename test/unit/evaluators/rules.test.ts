import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultFindingSettings, rules } from '../../../src/evaluators/index.ts';
import type { Rule } from '../../../src/evaluators/rule.ts';

const rulesFolder = join(import.meta.dirname, '../../../src/evaluators/rules');

test('every file of rules/ is one rule of the list, named as its code', () => {
  const files = readdirSync(rulesFolder).map((file) => file.replace(/\.ts$/, ''));
  assert.deepEqual(rules.map(({ code }) => code).sort(), files.sort());
});

for (const rule of rules as readonly Rule[]) {
  test(`${rule.code}: says what it means, where it comes from and what to do`, () => {
    for (const text of [rule.doc.meaning, rule.doc.source, rule.doc.advice]) assert.match(text, /^[A-Z].{15,}[.?]$/i);
  });

  test(`${rule.code}: every threshold has a default, its unit or kind, and a reason`, () => {
    const thresholds = (defaultFindingSettings() as Record<string, unknown>)[rule.code] as Record<string, unknown>;
    for (const [name, schema] of Object.entries(rule.thresholds.properties)) {
      const { description, type } = schema as { description?: string; type?: string };
      assert.match(description ?? '', /.{15,}/, name);
      const value = thresholds[name];
      const isList = type === 'array' && Array.isArray(value) && value.every((item) => typeof item === 'string');
      const isNumber = (type === 'integer' || type === 'number') && typeof value === 'number';
      assert.ok(isNumber || isList, name);
    }
    for (const name of ['raiseAfterPolls', 'raiseAfter', 'clearAfterPolls']) assert.ok(name in thresholds, name);
  });

  test(`${rule.code}: is superseded only by codes that exist`, () => {
    for (const code of rule.supersededBy ?? [])
      assert.ok(
        rules.some((other) => other.code === code),
        code,
      );
  });
}

test('a finding is raised after two polls and cleared after three where nothing else is said', () => {
  const { raiseAfterPolls, raiseAfter, clearAfterPolls } = defaultFindingSettings()['offline-partition'];
  assert.deepEqual(
    { raiseAfterPolls, raiseAfter, clearAfterPolls },
    { raiseAfterPolls: 2, raiseAfter: 0, clearAfterPolls: 3 },
  );
});

test('what the specification says of hysteresis stands in the defaults', () => {
  const settings = defaultFindingSettings();
  assert.equal(settings.holdFindings, 3_600_000);
  assert.equal(settings['will-lose-data'].raiseAfterPolls, 8);
  assert.equal(settings['will-lose-data'].raiseAfter, 240_000);
  assert.equal(settings['under-replicated'].raiseAfter, 900_000);
  assert.equal(settings['lost-data'].raiseAfterPolls, 1);
  assert.equal(settings['lost-data'].keepFor, 3_600_000);
});
