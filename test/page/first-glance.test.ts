import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { keepPicture, launchBrowser, visit } from '../support/browser.ts';
import { brokerDown, inTrouble, neverReached, quiet, wentBlind } from '../support/page-fixture.ts';
import { clusterAnswer } from '../support/page-fixture-rows.ts';
import { startPageServer } from '../support/page-server.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

test('in trouble: one sentence, the cards by deadline, the title of the tab', async () => {
  await using server = await startPageServer(inTrouble());
  await using tab = await visit(browser, server.url);
  const { page } = tab;
  await page
    .getByRole('heading', {
      level: 1,
      name: '2 groups lose data; the first in 41 min: billing on orders, partition 17.',
    })
    .waitFor();
  assert.deepEqual(await page.locator('.card h3 > span:not(.mark)').allTextContents(), [
    'billing',
    'search-index',
    'fraud-score',
  ]);
  assert.equal(await page.title(), '2 groups lose data · tidemark');
  assert.deepEqual(await page.getByRole('listitem').first().locator('.fact').allTextContents(), [
    '6 of 6 brokers',
    '0 offline',
    '3 at min ISR',
    'disk 61 %',
  ]);
  await page.locator('table.groups tbody tr').nth(5).waitFor();
  await keepPicture(page, 'light');
  assert.deepEqual(tab.faults, []);
});

test('dark: the scheme of the reader, the same words', async () => {
  await using server = await startPageServer(inTrouble());
  await using tab = await visit(browser, server.url, { scheme: 'dark' });
  await tab.page.locator('table.groups tbody tr').nth(5).waitFor();
  assert.equal(
    await tab.page.evaluate('getComputedStyle(document.documentElement).backgroundColor'),
    'rgb(20, 23, 26)',
  );
  await keepPicture(tab.page, 'dark');
  assert.deepEqual(tab.faults, []);
});

test('phone: the sentence and the first card need no scroll, and nothing scrolls sideways', async () => {
  await using server = await startPageServer(inTrouble());
  await using tab = await visit(browser, server.url, { width: 390, height: 844 });
  const { page } = tab;
  await page.locator('table.groups tbody tr').nth(5).waitFor();
  const card = await page.locator('.card').first().boundingBox();
  assert.ok(card !== null && card.y + card.height < 844, `the first card ends at ${card?.y} + ${card?.height}`);
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
  // The outlook has no column here: it stands beneath the name.
  assert.ok(await page.locator('table.groups tbody tr').first().locator('.phone').isVisible());
  await keepPicture(page, 'phone');
  assert.deepEqual(tab.faults, []);
});

test('quiet: says that nothing is at risk, and how fresh that is', async () => {
  await using server = await startPageServer(quiet());
  await using tab = await visit(browser, server.url);
  const heading = tab.page.getByRole('heading', { level: 1 });
  await heading.getByText('Nothing is at risk.').waitFor();
  assert.match((await heading.textContent()) ?? '', /^Nothing is at risk\. 412 groups, read \d+ s ago\.$/);
  assert.equal(await tab.page.locator('.card').count(), 0);
  await keepPicture(tab.page, 'quiet');
  assert.deepEqual(tab.faults, []);
});

test('unreachable from the start: says so, why, and what to check; then recovers by itself', async () => {
  await using server = await startPageServer(neverReached());
  await using tab = await visit(browser, server.url);
  const { page } = tab;
  await page
    .getByRole('heading', { level: 1, name: 'prod-eu cannot be reached. Nothing was ever read of it.' })
    .waitFor();
  await page.getByText('Check the address, the port, and that the broker lives.').first().waitFor();
  await page.getByText('No consumer group was found yet.').waitFor();
  await keepPicture(page, 'unreachable');
  const fast = inTrouble();
  server.show({ ...fast, clusters: [clusterAnswer({ intervalMs: 2_000 })] });
  await page.getByRole('heading', { level: 1 }).getByText('2 groups lose data').waitFor({ timeout: 40_000 });
  assert.deepEqual(tab.faults, []);
});

test('old data: the page turns grey, its age stands in large type, and no clock is claimed', async () => {
  await using server = await startPageServer(wentBlind());
  await using tab = await visit(browser, server.url);
  const { page } = tab;
  await page.locator('.age-banner strong').getByText('14 min old').waitFor();
  const size = await page.evaluate(
    "parseFloat(getComputedStyle(document.querySelector('.age-banner strong')).fontSize)",
  );
  assert.ok((size as number) > 40);
  assert.equal(await page.evaluate("getComputedStyle(document.querySelector('main')).filter"), 'grayscale(1)');
  await page.getByRole('heading', { level: 1 }).getByText('prod-eu cannot be reached').waitFor();
  assert.equal(await page.getByText('41 min', { exact: true }).count(), 0);
  await keepPicture(page, 'stale');
  assert.deepEqual(tab.faults, []);
});

test('tidemark itself is gone: the last answer stays, and the page says that nothing answers', async () => {
  await using server = await startPageServer({ ...inTrouble(), clusters: [clusterAnswer({ intervalMs: 2_000 })] });
  await using tab = await visit(browser, server.url);
  const { page } = tab;
  await page.locator('.card').first().waitFor();
  server.show(null);
  await page.getByRole('alert').getByText('tidemark does not answer.').first().waitFor();
  assert.equal(await page.locator('.card').count(), 3);
  server.show(inTrouble());
  await page.locator('.age-banner').waitFor({ state: 'detached' });
});

test('several clusters: a line each, and what is broken on one stands first', async () => {
  await using server = await startPageServer(brokerDown());
  await using tab = await visit(browser, server.url);
  const { page } = tab;
  await page.locator('.card').first().getByText('3 partitions are offline').waitFor();
  assert.deepEqual(await page.locator('.cluster-name').allTextContents(), ['prod-eu', 'prod-us']);
  await page.locator('table.groups tbody tr').first().waitFor();
  await keepPicture(page, 'broker-down');
  assert.deepEqual(tab.faults, []);
});

test('the page updates itself and keeps focus, scroll and what was typed', async () => {
  const first = { ...inTrouble(), clusters: [clusterAnswer({ intervalMs: 2_000 })] };
  await using server = await startPageServer(first);
  await using tab = await visit(browser, server.url, { height: 600 });
  const { page } = tab;
  const filter = page.getByRole('searchbox');
  await filter.fill('bil');
  await page.locator('table.groups tbody tr').nth(1).waitFor({ state: 'detached' });
  await page.evaluate('scrollTo(0, 300)');
  const partitions = { total: 6_180, offline: 7, underReplicated: 7, underMinIsr: 0, atMinIsr: 0 };
  server.show({ ...first, clusters: [clusterAnswer({ intervalMs: 2_000, partitions })] });
  await page.getByText('7 offline').waitFor();
  assert.equal(await filter.inputValue(), 'bil');
  assert.ok(await page.evaluate("document.activeElement.type === 'search'"));
  assert.ok(Math.abs(((await page.evaluate('scrollY')) as number) - 300) < 60);
  assert.match(page.url(), /filter=bil/);
  assert.deepEqual(tab.faults, []);
});

test('ages go by the server: a wrong clock of the reader makes nothing old', async () => {
  await using server = await startPageServer(quiet());
  await using tab = await visit(browser, server.url);
  // The fixture's clock stands in one night, for ever; the browser's goes on.
  await tab.page
    .getByText(/read \d+ s ago/)
    .first()
    .waitFor();
  assert.equal(await tab.page.locator('.age-banner').count(), 0);
});
