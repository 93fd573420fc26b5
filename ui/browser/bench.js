/** From a key's press to its paint, on a visit of an hour: `node browser/bench.js`. Fails where half of the presses of a key
 *  take longer than the budget. */
import { WINDOW, onStage } from './stage.js';

const BUDGET_MS = 100;
/** An hour of speech is some 600 passages. */
const LINES = 600;
/** What the core lists at most. */
const LISTED = 200;

/** @type {{ name: string, keys: string[], times: number, then?: string }[]} */
const ACTS = [
  { name: 'next doubt', keys: ['Tab'], times: 9 },
  { name: 'previous doubt', keys: ['Shift+Tab'], times: 9 },
  { name: 'next statement', keys: ['ArrowDown'], times: 12 },
  { name: 'accept a doubt', keys: ['Enter'], times: 4 },
  { name: 'undo', keys: ['Control+z'], times: 4 },
  { name: 'redo', keys: ['Control+y'], times: 4 },
  { name: 'open the editor', keys: ['e'], times: 5, then: 'Escape' },
  { name: 'choose a section', keys: ['m'], times: 5, then: 'Escape' },
  { name: 'play', keys: ['Space'], times: 6 },
  { name: 'next marker', keys: ['r'], times: 4 },
];

/** Runs in the page: how long the next press takes until the frame that shows all it changed is painted.
 *  @returns {Promise<number>} */
function nextPaint() {
  const QUIET_MS = 150;
  return new Promise((done) => {
    window.addEventListener(
      'keydown',
      (event) => {
        const pressed = event.timeStamp;
        let painted = 0;
        /** @type {ReturnType<typeof setTimeout>} */
        let quiet;
        const follow = () => {
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => {
              painted = performance.now() - pressed;
              clearTimeout(quiet);
              quiet = setTimeout(() => {
                changes.disconnect();
                done(painted);
              }, QUIET_MS);
            };
            port2.postMessage(null);
          });
        };
        const changes = new MutationObserver(follow);
        changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        follow();
      },
      { capture: true, once: true },
    );
  });
}

/** @param {number[]} values */
function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? NaN, most: sorted[sorted.length - 1] ?? NaN };
}

/** @param {import('playwright-core').Page} page @param {string} key @returns {Promise<number>} */
async function press(page, key) {
  const paint = page.evaluate(nextPaint);
  await page.waitForTimeout(30);
  await page.keyboard.press(key);
  return paint;
}

let isOver = false;
/** @param {string} name @param {number[]} values */
function tell(name, values) {
  const { median, most } = spread(values);
  isOver ||= !(median <= BUDGET_MS);
  process.stdout.write(`${name.padEnd(28)} median ${median.toFixed(0).padStart(4)} ms   most ${most.toFixed(0).padStart(4)} ms   (${values.length})\n`);
}

await onStage(async (browser, site) => {
  const page = await browser.newPage({ viewport: WINDOW });
  const opening = Date.now();
  await page.goto(`${site}?mock&still&lang=fr&open=drafted&lines=${LINES}`);
  await page.locator('[data-segment]').first().waitFor();
  process.stdout.write(`a visit of ${LINES} passages stands after ${Date.now() - opening} ms (page and all)\n`);
  await page.locator('html[data-mock="done"]').waitFor({ state: 'attached' });
  await page.waitForFunction((all) => document.querySelectorAll('[data-segment]').length >= all, LINES);
  for (const { name, keys, times, then } of ACTS) {
    const values = [];
    for (let time = 0; time < times; time += 1) {
      for (const key of keys) values.push(await press(page, key));
      if (then !== undefined) await page.keyboard.press(then);
      await page.waitForTimeout(60);
    }
    tell(name, values);
  }
  await page.keyboard.press('e');
  const typed = [];
  for (const letter of 'tension stable sous traitement') typed.push(await press(page, letter === ' ' ? 'Space' : letter));
  tell('a letter in the editor', typed);

  await page.goto(`${site}?mock&still&lang=fr&visits=${LISTED}`);
  await page.locator('html[data-mock="done"]').waitFor({ state: 'attached' });
  await page.waitForFunction((all) => document.querySelectorAll('[data-testid="list-row"]').length >= all, LISTED);
  await page.keyboard.press('f');
  const searched = [];
  for (const letter of 'marchand') searched.push(await press(page, letter));
  tell('a letter in the search', searched);
});
process.stdout.write(`budget: ${BUDGET_MS} ms\n`);
process.exitCode = isOver ? 1 : 0;
