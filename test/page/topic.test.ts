import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { keepPicture, launchBrowser, visit } from '../support/browser.ts';
import { contrastFaults, nameFaults } from '../support/page-audit.ts';
import { brokerDown, inTrouble, muchToFix } from '../support/page-fixture.ts';
import { startPageServer } from '../support/page-server.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

const orders = '?view=topic&cluster=prod-eu&topic=orders';
const payments = '?view=topic&cluster=prod-eu&topic=payments';

for (const { scheme, width } of [
  { scheme: 'light', width: 1280 },
  { scheme: 'dark', width: 1280 },
  { scheme: 'light', width: 390 },
] as const) {
  test(`one topic: readers, partitions, what changed (${scheme}, ${width} px)`, async () => {
    await using server = await startPageServer(inTrouble());
    await using tab = await visit(browser, `${server.url}${orders}`, { scheme, width });
    const { page } = tab;
    await page
      .getByRole('heading', { level: 1, name: 'orders: 2 groups that read it lose data; every replica is in sync.' })
      .waitFor();
    assert.equal(await page.title(), 'orders · tidemark');
    const readers = page.getByRole('region', { name: 'Read by' });
    assert.equal(await readers.locator('tbody tr').first().locator('th a').textContent(), 'billing');
    assert.match((await readers.locator('tbody tr').first().textContent()) ?? '', /1,210,334.*6 d 23 h.*41 min/);
    const changes = page.getByRole('region', { name: 'What changed: settings' });
    await changes.getByText('retention.ms 1209600000 to 604800000').waitFor();
    assert.equal(await changes.locator('li').count(), 3);
    await page.getByText('kafka-get-offsets.sh --bootstrap-server $B --topic orders').waitFor();
    assert.ok(((await page.evaluate('document.documentElement.scrollWidth')) as number) <= width);
    assert.deepEqual(await contrastFaults(page), []);
    assert.deepEqual(await nameFaults(page), []);
    await keepPicture(page, `topic-${scheme}-${width}`);
    assert.deepEqual(tab.faults, []);
  });
}

test('a topic in trouble: partitions that are offline or lack replicas come first, those that are well on demand', async () => {
  await using server = await startPageServer(brokerDown());
  await using tab = await visit(browser, `${server.url}${payments}`);
  const { page } = tab;
  await page.getByRole('heading', { level: 1, name: 'payments has 3 partitions offline.' }).waitFor();
  const partitions = page.getByRole('region', { name: 'Partitions' });
  await partitions.getByRole('row', { name: /^p2 none: offline none 1, 2, 3/ }).waitFor();
  assert.equal(await partitions.locator('tbody tr').count(), 16);
  await partitions.getByRole('button', { name: 'Show all 24' }).press('Enter');
  await partitions.getByRole('row', { name: /^p23 / }).waitFor();
  await page.getByText('No group that tidemark watches has committed to it').waitFor();
  await page.getByText('No change of its settings, partitions or leaders was seen.').waitFor();
  // Three partitions offline are one finding with two alike.
  assert.equal(await page.locator('.findings > li').count(), 1);
  await page.getByText('The same of 2 more partitions: p5, p9').click();
  await page.getByText('payments partition 9 has no leader').waitFor();
  await keepPicture(page, 'topic-in-trouble');
  assert.deepEqual(tab.faults, []);
});

test('the way to a topic: from the list, a group, the cluster, a card, and back to a group at its worst partition', async () => {
  await using server = await startPageServer(brokerDown());
  await using tab = await visit(browser, `${server.url}?view=topics`);
  const { page } = tab;
  const heading = (name: RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
  await page.getByRole('link', { name: 'orders', exact: true }).click();
  await heading(/^orders: 2 groups/);
  assert.equal(await page.getByRole('link', { name: 'Topics', exact: true }).getAttribute('aria-current'), 'page');
  await page.getByRole('link', { name: 'billing' }).click();
  await heading(/^billing will lose data/);
  assert.match(page.url(), /topic=orders&partition=17/);
  await page.getByRole('region', { name: 'Evidence' }).getByRole('link', { name: 'Topic orders' }).click();
  await heading(/^orders: 2 groups/);
  await page.goto(`${server.url}?view=cluster&cluster=prod-eu`);
  await page
    .getByRole('row', { name: /^payments p1 / })
    .getByRole('link')
    .click();
  await heading(/^payments has/);
  await page.goto(server.url);
  await page.getByRole('link', { name: 'Why: 3 partitions are offline' }).click();
  await heading(/^payments has/);
  assert.deepEqual(tab.faults, []);
});

test('a finding about a topic leads to it; a topic that is gone says so', async () => {
  await using server = await startPageServer(muchToFix());
  await using tab = await visit(browser, `${server.url}?view=cluster`);
  const { page } = tab;
  await page.locator('.findings').getByRole('link', { name: 'Topic orders' }).click();
  await page.getByRole('heading', { level: 1, name: /^orders has a transaction open for too long/ }).waitFor();
  await page.getByText('find-hanging').waitFor();
  assert.equal(await page.locator('.findings').getByRole('link').count(), 0);
  assert.deepEqual(tab.faults, []);
  await page.goto(`${server.url}?view=topic&cluster=prod-eu&topic=deleted`);
  await page.getByRole('heading', { level: 1, name: 'deleted cannot be shown.' }).waitFor();
  await page.getByRole('link', { name: 'All topics' }).press('Enter');
  await page.getByRole('heading', { level: 1, name: '4 topics' }).waitFor();
});
