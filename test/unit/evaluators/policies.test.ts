import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Value } from 'typebox/value';
import { createPolicyMatcher, isMuted } from '../../../src/evaluators/policies.ts';
import { parseDuration } from '../../../src/model/duration.ts';
import { Policy } from '../../../src/model/policy.ts';
import { policy } from '../../support/rule-rows.ts';

const configured = [
  policy({ match: { cluster: 'prod', group: 'billing*', topic: 'orders' }, team: 'orders-of-billing' }),
  policy({ match: { group: 'billing*' }, team: 'billing' }),
  policy({ match: { cluster: 'dev' }, team: 'nobody', mute: ['all'] }),
  policy({ match: { topic: 'audit.?' }, team: 'audit' }),
];
const teamOf = (...names: Parameters<ReturnType<typeof createPolicyMatcher>>) =>
  createPolicyMatcher(configured)(...names).team;

test('the first policy whose every field fits wins', () => {
  assert.equal(teamOf('prod', 'billing-eu', 'orders'), 'orders-of-billing');
  assert.equal(teamOf('test', 'billing-eu', 'orders'), 'billing');
  assert.equal(teamOf('dev', 'billing-eu', 'orders'), 'billing');
  assert.equal(teamOf('dev', 'shipping', 'orders'), 'nobody');
});

test('a match on a topic speaks of that topic only, not of its group as a whole', () => {
  assert.equal(teamOf('prod', 'billing-eu'), 'billing');
  assert.equal(teamOf('prod', undefined, 'audit.1'), 'audit');
  assert.equal(teamOf('prod', 'shipping'), undefined);
});

test('a match on a group does not speak of topics', () => {
  assert.equal(
    createPolicyMatcher([policy({ match: { group: '*' }, team: 'all' })])('prod', undefined, 'orders').team,
    undefined,
  );
});

test('without any policy, defaults hold: nothing is muted, a loss pages four hours ahead', () => {
  const found = createPolicyMatcher([])('prod', 'billing', 'orders');
  assert.equal(found.lossPageSeconds, 14_400);
  assert.equal(isMuted(found, 'stopped'), false);
});

test('console consumers are muted, even before what the file says of all groups', () => {
  const found = createPolicyMatcher([policy({ match: { group: '*' }, team: 'all' })])('prod', 'console-consumer-48121');
  assert.equal(isMuted(found, 'stopped'), true);
});

test('mute names codes, or all', () => {
  assert.equal(isMuted(policy({ mute: ['stopped'] }), 'stopped'), true);
  assert.equal(isMuted(policy({ mute: ['stopped'] }), 'stalled'), false);
  assert.equal(isMuted(policy({ mute: ['all'] }), 'stalled'), true);
});

for (const [expectIdle, isGood] of [
  ['26h', true],
  ['90m', true],
  ['1.5d', true],
  ['500ms', true],
  ['soon', false],
  ['26', false],
  ['26 h', false],
] as const) {
  test(`expectIdle "${expectIdle}" is ${isGood ? 'taken' : 'refused'}, and read as it is taken`, () => {
    assert.equal(Value.Check(Policy, policy({ expectIdle })), isGood);
    assert.equal(parseDuration(expectIdle) !== null, isGood);
  });
}
