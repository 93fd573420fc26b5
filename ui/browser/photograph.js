/** Pictures of every screen in both languages, into a folder: `node browser/photograph.js FOLDER [PREFIX]`. */
import { join } from 'node:path';

import { LANGUAGES, SCREENS, WINDOW, onStage, show } from './stage.js';

const [folder, prefix = ''] = process.argv.slice(2);
if (folder === undefined) throw new Error('name the folder of the pictures');

await onStage(async (browser, site) => {
  const context = await browser.newContext({
    viewport: WINDOW,
    timezoneId: 'Europe/Paris',
    reducedMotion: 'reduce',
    // Three quarters of the window: legible, and a third of the weight.
    deviceScaleFactor: 0.75,
  });
  for (const { name, query, themes } of SCREENS.filter((screen) => screen.name.startsWith(prefix))) {
    for (const language of LANGUAGES) {
      for (const theme of themes) {
        const page = await show(context, site, `lang=${language}&theme=${theme}&${query}`);
        await page.screenshot({ path: join(folder, `${name}-${language}-${theme}.png`) });
        await page.close();
      }
    }
  }
});
