import { describe, expect, it } from 'vitest';

import { find, get, openApp, settle } from './app';
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

  it('says why a word is too short, and does not add it', async () => {
    const { user } = await openApp();
    session.go({ name: 'settings' });
    await user.type(await find('vocabulary-word'), 'Xarelto, HTA');
    await settle();
    expect((get('vocabulary-add') as HTMLButtonElement).disabled).toBe(true);
    expect(document.body.textContent).toMatch(/«\s?HTA\s?» est trop court/);
  });
});
