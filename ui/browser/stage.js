/** The built screens over the mocked core, in a headless browser: for pictures, checks and measures. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';
import { preview } from 'vite';

/** @typedef {{ name: string, query: string, themes: ('light' | 'dark' | 'contrast')[] }} Screen */

/** @type {unknown} */
const listed = JSON.parse(readFileSync(new URL('screens.json', import.meta.url), 'utf8'));
/** Names of a screen, and what the mocked core is asked for (`src/ipc/mock/index.ts` tells the parameters). */
export const SCREENS = /** @type {Screen[]} */ (listed);
export const LANGUAGES = /** @type {const} */ (['fr', 'en']);
/** The smallest window that is wholly supported, in CSS pixels. */
export const WINDOW = { width: 1280, height: 720 };

/** Serves the screens on this machine, opens a browser, and closes both when the act is over.
 *  @param {(browser: import('playwright-core').Browser, site: string) => Promise<void>} act */
export async function onStage(act) {
  const server = await preview({
    root: fileURLToPath(new URL('..', import.meta.url)),
    build: { outDir: 'dist-mock' },
    preview: { host: '127.0.0.1', port: 0 },
    logLevel: 'error',
  });
  const site = server.resolvedUrls?.local[0];
  const browser = await chromium.launch({
    executablePath: process.env.CALAME_BROWSER ?? '/usr/bin/chromium',
    // Passed over as root, and nothing but our own pages is ever opened.
    chromiumSandbox: false,
    args: ['--font-render-hinting=none', '--disable-lcd-text'],
  });
  try {
    if (site === undefined) throw new Error('the screens are not served');
    await act(browser, site);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** A page of the screens, once everything asked of it was done.
 *  @param {import('playwright-core').BrowserContext} context
 *  @param {string} site
 *  @param {string} query */
export async function show(context, site, query) {
  const page = await context.newPage();
  await page.goto(`${site}?mock&still&${query}`);
  await page.locator('html[data-mock="done"]').waitFor({ state: 'attached' });
  return page;
}
