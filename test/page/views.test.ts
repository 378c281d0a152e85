import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { keepPicture, launchBrowser, visit } from '../support/browser.ts';
import {
  brokerDown,
  inTrouble,
  leftBehind,
  manyGroups,
  muchToFix,
  neverReached,
  quiet,
} from '../support/page-fixture.ts';
import { finding } from '../support/page-fixture-rows.ts';
import { startPageServer } from '../support/page-server.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

const billing = '?view=group&cluster=prod-eu&group=billing';

test('one group: verdict, evidence, commands, heat map, clocks, rates, offsets, members', async () => {
  await using server = await startPageServer(inTrouble());
  await using tab = await visit(browser, `${server.url}${billing}`);
  const { page } = tab;
  await page.getByRole('heading', { level: 1, name: 'billing will lose data on orders, partition 17.' }).waitFor();
  for (const name of [
    'Findings',
    'Evidence: orders, partition 17',
    'Next check',
    'Log start, read to, end',
    'Members and rebalances',
  ]) {
    assert.equal(await page.getByRole('heading', { level: 2, name, exact: false }).count(), 1, name);
  }
  await page.getByText('--describe --group billing --members').waitFor();
  await page.locator('.heat-row').nth(23).waitFor();
  assert.equal(await page.locator('.heat-row').nth(17).locator('.heat-last').textContent(), '99 %');
  await page.locator('.plot canvas').nth(1).waitFor();
  assert.equal(
    await page.locator('figcaption').first().textContent(),
    'time to loss, earliest to latesttime to drainLoss in 41 to 49 min; not draining.',
  );
  assert.equal(
    await page.locator('.offset-bar').first().getAttribute('aria-label'),
    'log start 40,000,000, read to 40,020,000, end 41,230,334',
  );
  assert.equal(await page.locator('table').last().locator('tbody tr').count(), 8);
  await keepPicture(page, 'group');
  assert.deepEqual(tab.faults, []);
});

test('the plots are drawn: the canvas holds the colour of the loss', async () => {
  await using server = await startPageServer(inTrouble());
  await using tab = await visit(browser, `${server.url}${billing}`, { scheme: 'dark' });
  await tab.page.locator('.plot canvas').nth(1).waitFor();
  const red = await tab.page.evaluate(`(() => {
    const canvas = document.querySelector('.plot canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at] > 240 && data[at + 1] < 160 && data[at + 3] > 200) count++;
    return count;
  })()`);
  assert.ok((red as number) > 100, `${red} pixels are red`);
  await keepPicture(tab.page, 'group-dark');
  assert.deepEqual(tab.faults, []);
});

test('one group on a phone: nothing scrolls sideways', async () => {
  await using server = await startPageServer(inTrouble());
  await using tab = await visit(browser, `${server.url}${billing}`, { width: 390, height: 844 });
  await tab.page.locator('.plot canvas').nth(1).waitFor();
  assert.equal(await tab.page.evaluate('document.documentElement.scrollWidth'), 390);
  await keepPicture(tab.page, 'group-phone');
  assert.deepEqual(tab.faults, []);
});

test('another partition: its evidence and plots, by its link', async () => {
  await using server = await startPageServer(inTrouble());
  await using tab = await visit(browser, `${server.url}${billing}`);
  const { page } = tab;
  await page.getByRole('link', { name: 'p20' }).click();
  await page.getByRole('heading', { name: 'Evidence: orders, partition 20' }).waitFor();
  assert.match(page.url(), /topic=orders&partition=20/);
  await page.getByRole('heading', { name: 'Both clocks, partition 20' }).waitFor();
  assert.equal(await page.locator('tr.current th').textContent(), 'p20');
  await page.goBack();
  await page.getByRole('heading', { name: 'Evidence: orders, partition 17' }).waitFor();
});

test('a group that is gone says so', async () => {
  await using server = await startPageServer(inTrouble());
  await using tab = await visit(browser, `${server.url}?view=group&cluster=prod-eu&group=deleted`);
  await tab.page.getByRole('heading', { level: 1, name: 'deleted cannot be shown.' }).waitFor();
  await tab.page.getByText('Nothing is known of /api/v1/groups/deleted.').waitFor();
});

test('a cluster that is not watched says so', async () => {
  await using server = await startPageServer(inTrouble());
  await using tab = await visit(browser, `${server.url}?cluster=staging`);
  await tab.page.getByRole('heading', { level: 1, name: 'No cluster is called staging here.' }).waitFor();
});

test('cluster: brokers, and each partition that is not as it should be', async () => {
  await using server = await startPageServer(brokerDown());
  await using tab = await visit(browser, `${server.url}?view=cluster&cluster=prod-eu`);
  const { page } = tab;
  await page.getByRole('heading', { level: 1, name: 'prod-eu: 3 partitions offline' }).waitFor();
  await page.getByRole('row', { name: /5 kafka-5.example:9092 missing/ }).waitFor();
  await page.getByRole('row', { name: /payments p1 none none 4, 5, 6 2/ }).waitFor();
  await page.getByRole('row', { name: /^2 .* 60 % used, 1.6 TB free, full in 14 h$/ }).waitFor();
  await page.getByText('Node 102 leads it, in epoch 41: no change in the last hour.').waitFor();
  await page.getByRole('row', { name: '101 3 records behind, last fetch 0 s ago' }).waitFor();
  await page.getByText('--unavailable-partitions').waitFor();
  await keepPicture(page, 'cluster');
  assert.deepEqual(tab.faults, []);
});

test('a cluster that was never read: nothing is said of its partitions, least of all that they are well', async () => {
  await using server = await startPageServer(neverReached());
  await using tab = await visit(browser, `${server.url}?view=cluster`);
  const { page } = tab;
  await page.getByRole('heading', { level: 1, name: 'prod-eu: cannot be reached' }).waitFor();
  await page.getByText('Its partitions are not known: nothing was read of it yet.').waitFor();
  await page.getByText('No broker is known yet.').waitFor();
  assert.equal(await page.locator('main .mark-good').count(), 0);
  assert.deepEqual(tab.faults, []);
});

test('tidemark: what it may not read, and the commands that grant it', async () => {
  const command =
    "kafka-acls.sh --bootstrap-server b1:9092 --add --allow-principal User:t --operation Describe --group '*'";
  const missing = finding('permission-missing', {
    evidence: { commands: [command] },
    summary: 'tidemark may not read all of the cluster: it lacks Describe on group billing',
  });
  await using server = await startPageServer({ ...quiet(), findings: [missing] });
  await using tab = await visit(browser, `${server.url}?view=tidemark`);
  await tab.page.getByText('it lacks Describe on group billing').waitFor();
  assert.equal(await tab.page.getByLabel('Commands that grant what is missing on prod-eu').textContent(), command);
  assert.deepEqual(tab.faults, []);
});

for (const [view, heading, width] of [
  ['topics', '4 topics', 1280],
  ['tidemark', 'tidemark 0.1.0 reads all that it asks for', 1280],
  ['topics', '4 topics', 390],
  ['cluster', 'prod-eu: every replica is in sync', 390],
  ['tidemark', 'tidemark 0.1.0 reads all that it asks for', 390],
] as const) {
  test(`${view} at ${width} px`, async () => {
    await using server = await startPageServer(inTrouble());
    await using tab = await visit(browser, `${server.url}?view=${view}`, { width });
    await tab.page.getByRole('heading', { level: 1, name: heading }).waitFor();
    await tab.page.locator('table tbody tr').first().waitFor();
    assert.ok(((await tab.page.evaluate('document.documentElement.scrollWidth')) as number) <= width);
    await keepPicture(tab.page, `${view}-${width}`);
    assert.deepEqual(tab.faults, []);
  });
}

for (const { scheme, width } of [
  { scheme: 'light', width: 1280 },
  { scheme: 'dark', width: 1280 },
  { scheme: 'light', width: 390 },
] as const) {
  test(`what is wrong with topics, brokers and disks comes first, lints as one list (${scheme}, ${width} px)`, async () => {
    await using server = await startPageServer(muchToFix());
    await using tab = await visit(browser, `${server.url}?view=cluster`, { scheme, width });
    const { page } = tab;
    const name = 'prod-eu: broker 2, log directory /var/lib/kafka/data-1 is offline';
    await page.getByRole('heading', { level: 1, name }).waitFor();
    assert.equal(await page.locator('.findings li').count(), 5);
    const lints = page.getByRole('region', { name: 'Lints' });
    assert.equal(await lints.locator('summary').count(), 2);
    await lints.getByText('3 topics have a single replica').click();
    await lints.getByText('audit-log 12 partitions are without a second replica').waitFor();
    await page.getByText('Evidence').first().click();
    assert.ok(((await page.evaluate('document.documentElement.scrollWidth')) as number) <= width);
    await keepPicture(page, `much-to-fix-${scheme}-${width}`);
    assert.deepEqual(tab.faults, []);
  });
}

test('topics: each names the worst that is found of it, and leads to it', async () => {
  await using server = await startPageServer(muchToFix());
  await using tab = await visit(browser, `${server.url}?view=topics`, { width: 390 });
  const { page } = tab;
  const orders = page.getByRole('row').filter({ hasText: 'has a transaction open for too long' });
  assert.match((await orders.first().locator('th').textContent()) ?? '', /^orders/);
  await keepPicture(page, 'topics-found-390');
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
  await orders.getByRole('link', { name: 'has a transaction' }).first().click();
  await page.getByText('On orders a transaction has been open for 32 min').waitFor();
  assert.deepEqual(tab.faults, []);
});

test('neither lints nor infos are cards, and findings of one code share one', async () => {
  await using server = await startPageServer(muchToFix());
  await using tab = await visit(browser, server.url);
  const { page } = tab;
  const name = 'finding is critical: broker 2, log directory /var/lib/kafka/data-1 is offline.';
  await page.getByRole('heading', { level: 1, name: `1 ${name}` }).waitFor();
  assert.deepEqual(await page.locator('.card h3 > span:not(.mark)').allTextContents(), [
    'broker 2, log directory /var/lib/kafka/data-1',
    '2 topics have a transaction open for too long',
    'broker 5, log directory /var/lib/kafka/data-0',
    'prod-eu',
  ]);
  await keepPicture(page, 'much-to-fix-home');
  assert.deepEqual(tab.faults, []);
});

test('a thousand groups are paged, and filters live in the address', async () => {
  await using server = await startPageServer(manyGroups());
  await using tab = await visit(browser, server.url);
  const { page } = tab;
  await page.getByText('1 to 50 of 1,000').waitFor();
  assert.equal(await page.locator('table.groups tbody tr').count(), 50);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('51 to 100 of 1,000').waitFor();
  await page.getByRole('button', { name: /^Loses before it drains/ }).click();
  await page.locator('table.groups tbody tr').nth(2).waitFor({ state: 'detached' });
  assert.equal(new URL(page.url()).search, '?outlook=loses-first');
  assert.equal(
    await page.getByRole('button', { name: /^Loses before it drains/ }).getAttribute('aria-pressed'),
    'true',
  );
  await page.reload();
  await page.locator('table.groups tbody tr').nth(1).waitFor();
  assert.equal(await page.locator('table.groups tbody tr').count(), 2);
  await page.goto(server.url);
  await page.getByText('1 to 50 of 1,000').waitFor();
  await keepPicture(page, 'many-groups');
  assert.deepEqual(tab.faults, []);
});

test('what nobody reads is listed apart, soonest loss first, and nothing is at risk for it', async () => {
  await using server = await startPageServer(leftBehind());
  await using tab = await visit(browser, server.url);
  const list = tab.page.getByRole('region', { name: 'Without a consumer' });
  await list.waitFor();
  assert.equal(await tab.page.locator('.card').count(), 0);
  assert.match((await tab.page.locator('h1').textContent()) ?? '', /^Nothing is at risk/);
  assert.deepEqual(await list.locator('tbody th').allTextContents(), ['nightly-export', 'ledger', 'old-report']);
  await keepPicture(tab.page, 'left-behind');
  await list.getByRole('link', { name: 'ledger' }).click();
  await tab.page.waitForURL(/view=group.*group=ledger/);
  assert.deepEqual(tab.faults, []);
});

test('what nobody reads, on a phone: nothing scrolls sideways', async () => {
  await using server = await startPageServer(leftBehind());
  await using tab = await visit(browser, server.url, { width: 390, height: 844 });
  await tab.page.getByRole('region', { name: 'Without a consumer' }).waitFor();
  assert.equal(await tab.page.evaluate('document.documentElement.scrollWidth'), 390);
  await keepPicture(tab.page, 'left-behind-phone');
});
