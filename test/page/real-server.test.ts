import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, visit } from '../support/browser.ts';
import { HttpFixture } from '../support/http-fixture.ts';
import { bulkReport, makeFinding, makeReport } from '../support/report-fixture.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

const startedAtMs = 1_700_000_000_000;

/** The daemon's own server, with its headers, schemas and limits. */
async function listen(...reports: Parameters<typeof HttpFixture.start>[0]) {
  const http = await HttpFixture.start(reports);
  http.history.answer = [
    [startedAtMs - 120_000, 10],
    [startedAtMs - 60_000, 20],
    [startedAtMs, 30],
  ];
  return { http, url: `${await http.app.listen({ host: '127.0.0.1', port: 0 })}/` };
}

test('a thousand groups from the real server: sorted, filtered, paged, opened', async () => {
  const { http, url } = await listen(bulkReport({ topics: 20, partitions: 50, groups: 1_000, seriesPerGroup: 100 }));
  await using _server = http;
  await using tab = await visit(browser, url);
  const { page } = tab;
  await page.getByRole('heading', { level: 1 }).getByText('Nothing is at risk.').waitFor();
  await page.getByText('1 to 50 of 1,000').waitFor();
  for (const name of [
    'Group',
    'Outlook',
    'Behind',
    'Lag, 1 h',
    'Drains',
    'Loses',
    'Rebalances',
    'Members / partitions',
  ]) {
    const header = page.getByRole('columnheader', { name, exact: true });
    await header.getByRole('button').click();
    await page.locator('th[aria-sort$="ending"]', { hasText: name }).waitFor();
  }
  await page.getByRole('searchbox').fill('GROUP-77');
  await page.getByRole('link', { name: 'bench-group-777' }).click();
  await page.getByRole('heading', { level: 1, name: /^bench-group-777/ }).waitFor();
  await page.locator('.heat-row').first().waitFor();
  for (const view of ['Topics', 'Cluster', 'tidemark']) {
    await page.getByRole('link', { name: view, exact: true }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
  }
  assert.deepEqual(tab.faults, []);
  assert.deepEqual(http.bugs, []);
});

test('what loses data stands on the page as the API tells it', async () => {
  const report = makeReport({
    atMs: startedAtMs,
    topics: [{ topic: 'orders', partitions: [{ logStartOffset: 10, highWatermark: 500 }] }],
    groups: [
      {
        groupId: 'billing',
        outlook: 'loses-first',
        lag: 400,
        timeToLossEarliestSeconds: 2_460,
        series: [
          {
            topic: 'orders',
            partition: 0,
            committedOffset: 100,
            lag: 400,
            timeToLossEarliestSeconds: 2_460,
            timeToLossLatestSeconds: 2_940,
            codes: { outlook: 'loses-first', lossBy: 'time', age: 'current' },
          },
        ],
      },
    ],
    findings: [
      makeFinding({
        code: 'will-lose-data',
        severity: 'critical',
        groupId: 'billing',
        topic: 'orders',
        partition: 0,
        summary: 'Reads too slowly.',
      }),
    ],
  });
  const { http, url } = await listen(report);
  await using _server = http;
  await using tab = await visit(browser, url);
  await tab.page
    .getByRole('heading', { level: 1, name: '1 group loses data in 41 min: billing on orders, partition 0.' })
    .waitFor();
  await tab.page.getByText('to loss (by time, 41 to 49 min)').waitFor();
  assert.deepEqual(tab.faults, []);
});

test('before the first report the page is there, and says what it waits for', async () => {
  const { http, url } = await listen(null);
  await using _server = http;
  await using tab = await visit(browser, url);
  await tab.page.getByRole('heading', { level: 1, name: 'The first reading is under way.' }).waitFor();
  assert.deepEqual(tab.faults, []);
});
