/** Every screen in every language and theme, where there are pixels: axe with its contrast rules, and what is cut off or
 *  overlaps in the smallest supported window, with text as it is, larger, and twice as large. `node browser/check.js [PREFIX]`. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { LANGUAGES, SCREENS, WINDOW, onStage, show } from './stage.js';
import { layoutFaults } from './faults.js';

/** WCAG 2.2 AA and what axe holds for good practice. */
const RULES = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
/** Themes change colours and nothing else. */
const COLOURS = { runOnly: { type: 'rule', values: ['color-contrast'] } };
const THEMES = ['dark', 'contrast', 'light'];
/** Text twice as large is half the window: the app's own text size is the zoom of its window. */
const SIZES = [
  { name: '1280×720', viewport: WINDOW },
  { name: '1280×720, text 150 %', viewport: { width: 853, height: 480 } },
  { name: '1280×720, text 200 %', viewport: { width: 640, height: 360 } },
];
const [prefix = ''] = process.argv.slice(2);
const chosen = SCREENS.filter((screen) => screen.name.startsWith(prefix));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @param {import('playwright-core').Page} page @param {object} options */
async function axeFaults(page, options) {
  return page.evaluate(async (rules) => {
    const run = /** @type {{ axe: typeof import('axe-core') }} */ (/** @type {unknown} */ (window)).axe.run;
    const { violations } = await run(document, rules);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 140)).join(' | ')}`);
  }, options);
}

let looked = 0;
let found = 0;
/** @param {string} where @param {string[]} faults */
function tell(where, faults) {
  looked += 1;
  found += faults.length;
  for (const fault of faults) process.stdout.write(`${where}: ${fault}\n`);
}

await onStage(async (browser, site) => {
  const context = await browser.newContext({ viewport: WINDOW, timezoneId: 'Europe/Paris', reducedMotion: 'reduce' });
  for (const { name, query } of chosen) {
    for (const language of LANGUAGES) {
      const page = await show(context, site, `lang=${language}&theme=light&${query}`);
      await page.evaluate(axe);
      tell(`${name} (${language})`, await axeFaults(page, RULES));
      for (const theme of THEMES) {
        await page.evaluate((named) => (document.documentElement.dataset.theme = named), theme);
        if (theme !== 'light') tell(`${name} (${language}, ${theme})`, await axeFaults(page, COLOURS));
      }
      for (const { name: size, viewport } of SIZES) {
        await page.setViewportSize(viewport);
        tell(`${name} (${language}, ${size})`, await page.evaluate(layoutFaults));
      }
      await page.close();
    }
  }
});
process.stdout.write(`${chosen.length} screens, ${looked} looks, ${found} faults\n`);
process.exitCode = chosen.length > 0 && looked > 0 && found === 0 ? 0 : 1;
