import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Address,
  formatAddress,
  groupSorts,
  home,
  naturalOrder,
  parseAddress,
  spansHours,
  views,
} from '../../../web/model/address.ts';

test('home has no query', () => assert.equal(formatAddress(home), '?'));

test('whatever an address holds comes back from its query', () => {
  const addresses: fc.Arbitrary<Address> = fc.record(
    {
      view: fc.constantFrom(...views),
      cluster: fc.option(fc.string()),
      group: fc.string(),
      topic: fc.string(),
      partition: fc.option(fc.nat(99_999)),
      filter: fc.string(),
      outlook: fc.constantFrom('', 'losing', 'keeps-up'),
      sort: fc.constantFrom(...groupSorts),
      order: fc.constantFrom('asc' as const, 'desc' as const),
      page: fc.integer({ min: 1, max: 999 }),
      spanHours: fc.constantFrom(...spansHours),
    },
    { noNullPrototype: true },
  );
  fc.assert(fc.property(addresses, (address) => assert.deepEqual(parseAddress(formatAddress(address)), address)));
});

test('what it does not understand falls back, never throws', () => {
  const address = parseAddress('?view=nonsense&sort=;drop&order=up&page=-3&partition=x&span=7');
  assert.deepEqual(address, home);
});

test('a group view without a group is the list', () => assert.equal(parseAddress('?view=group').view, 'groups'));

test('nor is there a topic without its name', () => {
  assert.equal(parseAddress('?view=topic').view, 'groups');
  assert.equal(parseAddress('?view=group&group=g').topic, null);
});

test('a column is first sorted with the worst on top', () => {
  assert.equal(naturalOrder('loss'), 'asc');
  assert.equal(naturalOrder('lag'), 'desc');
  assert.equal(naturalOrder('name'), 'asc');
});
