import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsKeys } from '../../../src/engine/settings-key.ts';
import { policy } from '../../support/rule-rows.ts';
import { twoAndThree } from './ledger-story.ts';

const measures = { windowMin: 600_000, windowMax: 86_400_000 };
const key = settingsKeys(measures)(twoAndThree, policy());

test('settings key: the same settings have the same name, in whatever order they are written', () => {
  const turned = settingsKeys({ windowMax: 86_400_000, windowMin: 600_000 });
  const { raiseAfterPolls, raiseAfter, clearAfterPolls } = twoAndThree;
  assert.equal(turned({ clearAfterPolls, raiseAfter, raiseAfterPolls }, policy()), key);
});

test('settings key: who owns it, and whether it is muted, changes nothing about whether it holds', () => {
  const owned = policy({ match: { group: 'b*' }, team: 'payments', tier: 'gold', labels: { a: 'b' }, mute: ['all'] });
  assert.equal(settingsKeys(measures)(twoAndThree, owned), key);
});

const others = {
  'another threshold': settingsKeys(measures)({ ...twoAndThree, raiseAfterPolls: 3 }, policy()),
  'another measure': settingsKeys({ ...measures, windowMin: 1 })(twoAndThree, policy()),
  'another isolation level': settingsKeys(measures)(twoAndThree, policy({ isolationLevel: 'read_committed' })),
  'another time that it may stand': settingsKeys(measures)(twoAndThree, policy({ expectIdle: '2h' })),
  'another SLO': settingsKeys(measures)(twoAndThree, policy({ sloLagSeconds: 60 })),
};
for (const [what, other] of Object.entries(others)) {
  test(`settings key: ${what} has another name`, () => assert.notEqual(other, key));
}
