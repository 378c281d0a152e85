import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** The system's Chromium, under the names that distributions give it: nothing is downloaded for the tests. */
const executables = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const screenshots = new URL('../../output/page/', import.meta.url);

export async function launchBrowser(): Promise<Browser> {
  const executablePath = executables.find((path) => existsSync(path));
  if (executablePath === undefined)
    throw new Error(`No Chromium is installed: none of ${executables.join(', ')} exists`);
  return chromium.launch({ executablePath, headless: true, args });
}

export interface Visit extends AsyncDisposable {
  page: Page;
  context: BrowserContext;
  /** What went wrong in the browser: console errors, exceptions, failed and foreign requests. */
  faults: string[];
}

export interface VisitOptions {
  scheme?: 'light' | 'dark';
  width?: number;
  height?: number;
}

/** A fresh tab on a page that must stay free of faults; its clock zone and language are fixed, so that texts are. */
export async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    colorScheme: options.scheme ?? 'light',
    viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    timezoneId: 'UTC',
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('requestfailed', (request) => {
    // A request that the page itself gave up (its view was left) is no fault.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') faults.push(`failed: ${request.url()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin)) faults.push(`foreign: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  await page.goto(url);
  return { page, context, faults, [Symbol.asyncDispose]: () => context.close() };
}

/** Keeps a picture under output/page, for human eyes. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: new URL(`${name}.png`, screenshots).pathname, fullPage: true });
}
