import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Card, cardsOf } from '../../../web/model/cards.ts';
import { brokerDown, inTrouble, quiet, type Scenario, wentBlind } from '../../support/page-fixture.ts';
import { finding, fixtureNowMs, groupSummary } from '../../support/page-fixture-rows.ts';

function cards(scenario: Scenario): Card[] {
  return cardsOf({ ...scenario, nowMs: fixtureNowMs });
}

test('cards come by deadline, not by lag: what is lost now, then soonest first, then what is not lost', () => {
  assert.deepEqual(
    cards(brokerDown()).map((card) => card.title),
    ['3 partitions are offline', 'billing', 'search-index', 'fraud-score'],
  );
});

test('a card says the verdict, both clocks with their bounds, and since when', () => {
  const [billing] = cards(inTrouble());
  assert.equal(billing!.owner, 'payments · tier 1');
  assert.match(billing!.verdict, /^Reads slower than orders is written/);
  assert.match(billing!.since, /^since \d\d:14$/);
  assert.deepEqual(
    billing!.clocks.map(({ text, label, tone }) => `${text} ${label} (${tone})`),
    ['41 min to loss (by time, 41 to 49 min) (bad)', 'never to drain (bad)', '6 d 23 h behind, SLO 5 min (warn)'],
  );
  for (const clock of billing!.clocks) assert.notEqual(clock.title, '', `${clock.label} has its method on hover`);
});

test('what a finding explains is counted on its card and gets none of its own', () => {
  const found = cards(inTrouble());
  assert.equal(found.find((card) => card.title === 'search-index')!.note, 'explains 1');
  assert.equal(found.length, 3);
});

test('a held finding is said to be old', () => {
  const billing = cards(wentBlind()).find((card) => card.title === 'billing');
  assert.equal(billing!.note, 'last known: cannot be read now');
});

test('findings of one code on one cluster share a card, by topic and partition', () => {
  const [offline] = cards(brokerDown());
  assert.equal(offline!.verdict, 'payments 1, 5, 9.');
  assert.equal(offline!.owner, 'prod-eu');
});

test('a card of no group names the teams that own what it is about', () => {
  const scenario = brokerDown();
  const teams = ['payments', 'risk', 'payments'];
  const findings = scenario.findings.map((one, index) => ({ ...one, ...(teams[index] && { team: teams[index] }) }));
  const [offline] = cards({ ...scenario, findings });
  assert.equal(offline!.owner, 'payments, risk · prod-eu');
  assert.deepEqual(offline!.clocks, []);
});

test('infos, muted and explained findings make no card', () => {
  const scenario = {
    ...quiet(),
    groups: [groupSummary('g')],
    findings: [
      finding('lag-cliff', { severity: 'info', groupId: 'g', summary: '' }),
      finding('stopped', { severity: 'warning', groupId: 'g', muted: true, summary: '' }),
      finding('stalled', { severity: 'warning', groupId: 'g', cause: { code: 'x', id: 'y' }, summary: '' }),
    ],
  };
  assert.deepEqual(cards(scenario), []);
});

test('a bad outlook without a finding is a card that says it is not confirmed', () => {
  const late = groupSummary('late', {
    outlook: 'loses-first',
    timeToLossEarliestSeconds: 600,
    timeToLossLatestSeconds: 900,
  });
  const [card] = cards({ ...quiet(), groups: [late] });
  assert.equal(card!.tone, 'warn');
  assert.match(card!.verdict, /Not confirmed yet/);
});

test('the text for the incident channel stands alone', () => {
  const [billing] = cards(inTrouble());
  const lines = billing!.copyText.split('\n');
  assert.equal(lines[0], 'billing on prod-eu (payments)');
  assert.match(lines[2]!, /41 min to loss \(by time, 41 to 49 min\), never to drain/);
  assert.equal(lines.at(-1), 'read at 2026-11-21T02:54:56.000Z');
});
