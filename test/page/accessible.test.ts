import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, visit } from '../support/browser.ts';
import { contrastFaults, nameFaults } from '../support/page-audit.ts';
import { brokerDown, inTrouble, type Scenario, wentBlind } from '../support/page-fixture.ts';
import { startPageServer } from '../support/page-server.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/** Presses Tab until the focus is on what the selector names; the keyboard must get there. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  assert.fail(`80 presses of Tab do not reach ${selector}`);
}

test('by keyboard alone: sort the list, open a group, copy its text, come back', async () => {
  await using server = await startPageServer(inTrouble());
  await using tab = await visit(browser, server.url);
  const { page, context } = tab;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('table.groups tbody tr').nth(5).waitFor();

  await tabTo(page, '.sort[title="Sort by lag in records"]');
  await page.keyboard.press('Enter');
  await page.locator('th[aria-sort="descending"]', { hasText: 'Lag' }).waitFor();
  // The heading is turned at once, the rows when the API has answered.
  await page.locator('table.groups tbody tr:first-child', { hasText: 'search-index' }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('th[aria-sort="ascending"]', { hasText: 'Lag' }).waitFor();
  assert.match(page.url(), /sort=lag&order=asc/);
  await page.locator('table.groups tbody tr:last-child', { hasText: 'search-index' }).waitFor();

  await tabTo(page, 'table.groups tbody tr:last-child a');
  assert.notEqual(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'none');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /^search-index/ }).waitFor();

  await tabTo(page, '[aria-label^="Copy as text"]');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('Copied.').waitFor();
  assert.match(String(await page.evaluate('navigator.clipboard.readText()')), /^search-index on prod-eu\n/);
  await page.goBack();
  await page.locator('table.groups').waitFor();
  assert.deepEqual(tab.faults, []);
});

test('the first Tab offers to skip to the verdict', async () => {
  await using server = await startPageServer(inTrouble());
  await using tab = await visit(browser, server.url);
  await tab.page.locator('.card').first().waitFor();
  await tab.page.keyboard.press('Tab');
  assert.ok(await tab.page.getByRole('link', { name: 'Skip to the verdict' }).isVisible());
  await tab.page.keyboard.press('Enter');
  await tabTo(tab.page, '.card a');
  assert.equal(await tab.page.evaluate('document.activeElement.textContent'), 'Why');
});

test('without a clipboard the text is shown, selected', async () => {
  await using server = await startPageServer(inTrouble());
  await using tab = await visit(browser, server.url);
  const { page } = tab;
  await page.locator('.card').first().waitFor();
  await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
  await page.getByRole('button', { name: 'Copy as text: billing' }).click();
  const area = page.getByRole('textbox', { name: 'Press Ctrl+C to copy' });
  await area.waitFor();
  assert.match(await area.inputValue(), /^billing on prod-eu \(payments\)/);
  assert.equal(String(await page.evaluate('getSelection().toString()')), await area.inputValue());
});

const views: [name: string, scenario: Scenario, query: string, ready: string][] = [
  ['groups', inTrouble(), '', 'table.groups tbody tr'],
  ['old data', wentBlind(), '', '.age-banner strong'],
  ['group', inTrouble(), '?view=group&cluster=prod-eu&group=billing', '.plot canvas'],
  ['topics', inTrouble(), '?view=topics', 'tbody tr'],
  ['cluster', brokerDown(), '?view=cluster', 'tbody tr'],
  ['tidemark', inTrouble(), '?view=tidemark', 'tbody tr'],
];
for (const [name, scenario, query, ready] of views) {
  for (const scheme of ['light', 'dark'] as const) {
    test(`${name}, ${scheme}: every control has a name, every text enough contrast, headings go down step by step`, async () => {
      await using server = await startPageServer(scenario);
      await using tab = await visit(browser, `${server.url}${query}`, { scheme });
      const { page } = tab;
      await page.locator(ready).first().waitFor();
      assert.deepEqual(await contrastFaults(page), []);
      assert.deepEqual(await nameFaults(page), []);
      assert.ok((await page.getByRole('main').count()) === 1 && (await page.getByRole('banner').count()) === 1);
      assert.deepEqual(tab.faults, []);
    });
  }
}
