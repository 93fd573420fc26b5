import { describe, expect, it } from 'vitest';

import { all, find, get, has, openApp, settle } from './app';
import { t } from '../src/i18n/index.svelte';
import { alerts } from '../src/stores/alerts.svelte';
import { session } from '../src/stores/session.svelte';

const speeds = () => all('model-speed').map((shown) => shown.textContent.replace(/\s+/g, ' ').trim());

async function openModels() {
  const app = await openApp();
  session.go({ name: 'settings' });
  await find('settings');
  await settle();
  return app;
}

describe('the speech models of this machine', () => {
  it('say how fast they are here, where that was measured', async () => {
    await openModels();
    expect(speeds()[0]).toMatch(/Une minute de parole : 7 s de calcul Suit la parole/);
    expect(speeds()[1]).toMatch(/1 min 14 s de calcul Trop lent.*mesurez de nouveau/);
    expect(speeds()[2]).toBe('Vitesse non mesurée');
  });

  it('are measured one at a time, with the share that is done, and the result stays', async () => {
    const { core, user } = await openModels();
    await user.click(all('model-measure')[2] as HTMLElement);
    await settle();
    expect(speeds()[2]).toMatch(/Mesure en cours… 40 %/);
    expect(all('model-measure').every((button) => (button as HTMLButtonElement).disabled)).toBe(true);
    core.models.measured({ real_time_factor: 0.3, glance_ms: 900, keeps_up: true, disturbed: false });
    await settle();
    expect(speeds()[2]).toMatch(/18 s de calcul/);
    expect(has('model-cancel')).toBe(false);
  });

  it('let go of a measuring without a word', async () => {
    const { core, user } = await openModels();
    await user.click(all('model-measure')[2] as HTMLElement);
    await settle();
    await user.click(get('model-cancel'));
    await settle();
    expect(speeds()[2]).toBe('Vitesse non mesurée');
    expect(alerts.alerts).toEqual([]);
    // A screen that is left asks for nothing more.
    await user.click(all('model-measure')[2] as HTMLElement);
    await settle();
    session.go({ name: 'day' });
    await settle();
    expect(core.calls.filter((call) => call.command === 'model_measure_cancel')).toHaveLength(2);
  });

  it('are chosen, and one that was brought in says what became of it', async () => {
    const { user } = await openModels();
    const used = () => all('model').map((row) => row.textContent.includes(t().settings.model.used));
    expect(used()).toEqual([true, false, false]);
    await user.click(all('model-use')[1] as HTMLElement);
    await settle();
    expect(used()).toEqual([false, false, true]);
    await user.click(get('settings-model-pick'));
    await settle();
    expect(alerts.notices[0]?.text).toMatch(/de 148\sMo à 81,8\sMo/);
  });
});
