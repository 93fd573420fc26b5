/** From "stop" to a signed note, by keyboard alone, on notes that the core made: `node browser/walk.js FOLDER`. The folder
 *  holds NAME.json, each `{ transcript, note, walk?, review? }`; where `walk` says what is right for each doubt
 *  (`calame eval review`), that is done, else every statement is accepted and every omission set aside. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { WINDOW, onStage } from './stage.js';

/** @typedef {{ act: 'accept' | 'remove' | 'take' } | { act: 'edit', typed: string }} Step */
/** @typedef {{ doubts_with_error: number, errors_raised: number, errors_not_raised: number, by_cause: Record<string, { raised: number, not_raised: number }> }} Review */
/** @typedef {{ transcript: object, note: object, walk?: Step[], review?: Review }} Visit */
/** @typedef {{ command: string, args: Record<string, unknown> }} Call */

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('name the folder of the visits');

/** Presses and what is typed are counted where they happen. */
class Hands {
  presses = 0;
  typed = 0;
  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
  }
  /** @param {string} key */
  async press(key) {
    this.presses += 1;
    await this.page.keyboard.press(key);
  }
  /** @param {string} text */
  async type(text) {
    this.typed += text.length;
    await this.page.keyboard.type(text);
  }
}

/** @param {import('playwright-core').Page} page @returns {Promise<number>} */
async function left(page) {
  return Number(await page.locator('[data-testid="doubt-count"]').getAttribute('data-count'));
}

/** Of the doubt under the eyes, whether it is an omission.
 *  @param {import('playwright-core').Page} page @returns {Promise<boolean>} */
async function isOmission(page) {
  return page.evaluate(() => document.activeElement?.closest('[data-testid="omission"]') != null);
}

/** @param {import('playwright-core').Page} page @param {Hands} hands @param {Step | undefined} step */
async function settle(page, hands, step) {
  await hands.press('Space');
  const isLacking = await isOmission(page);
  const act = step?.act ?? (isLacking ? 'remove' : 'accept');
  if (act === 'edit') {
    await hands.press('e');
    await page.locator('[data-testid="statement-edit-input"]').waitFor();
    await hands.type(` ${step?.act === 'edit' ? step.typed : ''}`);
    await hands.press('Enter');
  } else await hands.press(act === 'remove' ? 'Delete' : 'Enter');
}

/** @param {import('playwright-core').Browser} browser @param {string} site @param {string} name @param {Visit} visit */
async function walk(browser, site, name, visit) {
  const page = await browser.newPage({ viewport: WINDOW });
  page.on('pageerror', (error) => process.stderr.write(`${name}: ${error.message}\n`));
  await page.route('**/visit.json', (route) => route.fulfill({ json: { transcript: visit.transcript, note: visit.note } }));
  await page.goto(`${site}?mock&still&lang=fr&visit=visit.json`);
  await page.locator('html[data-mock="done"]').waitFor({ state: 'attached' });
  const hands = new Hands(page);
  const raised = await left(page);
  if (visit.walk !== undefined && visit.walk.length !== raised) throw new Error(`${name}: ${raised} doubts on the screen, ${visit.walk.length} counted by evaluation`);
  const begun = Date.now();
  if (raised > 0) await hands.press('n');
  for (let at = 0; at < raised; at += 1) {
    const before = await left(page);
    // One that was corrected leaves the walk where it is.
    if ((await page.locator('[data-testid="doubt-accept"]').count()) === 0) await hands.press('n');
    await settle(page, hands, visit.walk?.[at]);
    await page.waitForFunction((many) => Number(document.querySelector('[data-testid="doubt-count"]')?.getAttribute('data-count')) < many, before);
  }
  await hands.press('Control+Enter');
  await page.locator('[data-testid="validate-confirm"]').waitFor();
  await hands.press('Enter');
  await page.locator('[data-testid="signature"]').waitFor();
  const seconds = (Date.now() - begun) / 1000;
  const calls = await page.evaluate(() => /** @type {{ calls: Call[] }} */ (/** @type {unknown} */ (globalThis)).calls.filter(({ command }) => command === 'play').map(({ args }) => args));
  const heard = calls.reduce((sum, { startMs, endMs }) => sum + Number(endMs) - Number(startMs), 0) / 1000;
  await page.close();
  return { raised, presses: hands.presses, typed: hands.typed, seconds, heard };
}

/** @param {Review | undefined} review */
function errors(review) {
  if (review === undefined) return 'not annotated';
  const { unmatched } = review.by_cause;
  const sure = review.errors_not_raised - (unmatched?.not_raised ?? 0);
  return `errors: ${review.errors_raised - (unmatched?.raised ?? 0)} raised, ${sure} not raised (and statements that no annotation matches: ${unmatched?.raised ?? 0}, ${unmatched?.not_raised ?? 0})`;
}

await onStage(async (browser, site) => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json')).sort()) {
    /** @type {unknown} */
    const read = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const visit = /** @type {Visit} */ (read);
    const name = file.slice(0, -'.json'.length);
    const { raised, presses, typed, seconds, heard } = await walk(browser, site, name, visit);
    process.stdout.write(
      `${name}: ${raised} doubts, ${presses} presses and ${typed} letters, ${seconds.toFixed(1)} s of the screens, ${heard.toFixed(0)} s to hear every passage; ${errors(visit.review)}\n`,
    );
  }
});
