import { describe, expect, it } from 'vitest';

import { find, get, openApp, settle } from './app';
import { alerts } from '../src/stores/alerts.svelte';
import { session } from '../src/stores/session.svelte';

describe('the vocabulary of a practice', () => {
  it('takes several words at once, keeps each once, and lets go of them', async () => {
    const { user } = await openApp();
    session.go({ name: 'settings' });
    await user.type(await find('vocabulary-word'), 'Xarelto, Kerguélen ; Xarelto');
    await user.click(get('vocabulary-add'));
    await settle();
    const shown = () => [...get('vocabulary').querySelectorAll('li')].map((li) => li.textContent.trim());
    expect(shown()).toEqual(['Kerguélen', 'Xarelto']);
    expect((get('vocabulary-word') as HTMLInputElement).value).toBe('');

    await user.click(get('vocabulary').querySelectorAll('button')[0] as HTMLElement);
    await settle();
    expect(shown()).toEqual(['Xarelto']);
  });

  it('says which word the core found too short, and adds none', async () => {
    const { core, user } = await openApp();
    session.go({ name: 'settings' });
    await user.type(await find('vocabulary-word'), 'Xarelto, HTA');
    await user.click(get('vocabulary-add'));
    await settle();
    expect(document.body.textContent).toMatch(/«\s?HTA\s?» est trop court/);
    expect(alerts.alerts).toEqual([]);
    expect((get('vocabulary-word') as HTMLInputElement).value).toBe('Xarelto, HTA');
    expect(core.calls.filter((call) => call.command === 'vocabulary_save')).toHaveLength(1);

    // Typing on, the doctor is no longer told.
    await user.type(get('vocabulary-word'), 'X');
    await settle();
    expect(document.body.textContent).not.toMatch(/est trop court/);
  });
});
