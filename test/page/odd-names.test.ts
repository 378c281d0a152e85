import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { keepPicture, launchBrowser, visit } from '../support/browser.ts';
import { firstCycle, noGroups, oddNames } from '../support/page-fixture.ts';
import { startPageServer } from '../support/page-server.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

for (const width of [1280, 390]) {
  test(`names of 249 letters, other scripts and HTML stay whole and widen nothing (${width} px)`, async () => {
    const scenario = oddNames();
    await using server = await startPageServer(scenario);
    await using tab = await visit(browser, server.url, { width });
    const { page } = tab;
    await page.locator('table.groups tbody tr').nth(5).waitFor();
    const { groupId } = scenario.groups[0]!;
    assert.equal(await page.locator('table.groups tbody tr').first().locator('th a').textContent(), groupId);
    assert.equal(await page.getByRole('link', { name: '<b>bold</b> & "quoted"', exact: true }).count(), 1);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
    await keepPicture(page, `odd-names-${width}`);
    await page.locator('table.groups').getByRole('link', { name: 'Überweisung-注文-заказы-🚚' }).click();
    await page.getByRole('heading', { level: 1, name: /^Überweisung-注文-заказы-🚚 / }).waitFor();
    await page.goto(`${server.url}?view=group&cluster=prod-eu&group=${encodeURIComponent(groupId)}`);
    await page.locator('.plot canvas').nth(1).waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
    await keepPicture(page, `odd-names-group-${width}`);
    assert.deepEqual(tab.faults, []);
  });
}

test('no group at all is said, not left blank', async () => {
  await using server = await startPageServer(noGroups());
  await using tab = await visit(browser, server.url);
  await tab.page.getByText('No consumer group was found yet.').waitFor();
  await tab.page.getByRole('heading', { level: 1, name: 'Nothing is at risk. 0 groups, read' }).waitFor();
  await keepPicture(tab.page, 'no-groups');
  assert.deepEqual(tab.faults, []);
});

test('while the first cycle runs nothing is claimed', async () => {
  await using server = await startPageServer(firstCycle());
  await using tab = await visit(browser, server.url);
  await tab.page.getByRole('heading', { level: 1, name: 'The first reading is under way.' }).waitFor();
  assert.equal(await tab.page.locator('.mark-good').count(), 0);
  await tab.page.getByText('No consumer group was found yet.').waitFor();
  assert.equal(await tab.page.getByText('Nothing changed').count(), 0);
  await keepPicture(tab.page, 'first-cycle');
  assert.deepEqual(tab.faults, []);
});
