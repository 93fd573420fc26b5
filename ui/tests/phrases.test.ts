import { describe, expect, it } from 'vitest';

import { expansion, faultOfKey } from '../src/review/phrases';
import { all, find, get, openApp, settle } from './app';
import { session } from '../src/stores/session.svelte';

const phrases = [
  { key: 'rcs', text: 'reconsulter sans délai' },
  { key: 'fu', text: 'follow-up in a week' },
];

describe('a phrase', () => {
  it('takes the place of its key at the space that follows it', () => {
    expect(expansion('Puis rcs ', 9, phrases)).toEqual({ from: 5, to: 9, text: 'reconsulter sans délai ' });
    expect(expansion('rcs  demain', 4, phrases)).toEqual({ from: 0, to: 4, text: 'reconsulter sans délai ' });
    expect(expansion("d'rcs ", 6, phrases)?.from).toBe(2);
  });

  it('begins with a capital where its key does', () => {
    expect(expansion('Rcs ', 4, phrases)?.text).toBe('Reconsulter sans délai ');
  });

  it('never grows out of a part of a word, nor without a space', () => {
    expect(expansion('arcs ', 5, phrases)).toBeNull();
    expect(expansion('rcs', 3, phrases)).toBeNull();
    expect(expansion('rcs2 ', 5, phrases)).toBeNull();
    expect(expansion('', 0, phrases)).toBeNull();
  });

  it('has a key of letters and digits that no other has', () => {
    expect(faultOfKey('rcs', phrases)).toBe('taken');
    expect(faultOfKey('RCS', phrases)).toBe('taken');
    expect(faultOfKey('r c', phrases)).toBe('shape');
    expect(faultOfKey('', phrases)).toBe('shape');
    expect(faultOfKey('été2', phrases)).toBeNull();
  });

  it('is added in the settings, written in the note, and removed', async () => {
    const { core, user } = await openApp({}, (core) => {
      core.seed({ language: 'fr', state: 'drafted', consent: { decision: 'informed', form: 'oral', at: '2026-11-23T09:00:00Z' } }, { note: true });
    });
    session.go({ name: 'settings' });
    await user.type(await find('phrase-key'), 'hdm');
    await user.type(get('phrase-text'), 'Histoire de la maladie sans particularité');
    await user.click(get('phrase-add'));
    await settle();
    expect(session.practice?.phrases.map((phrase) => phrase.key)).toEqual(['hdm', 'rcs']);

    session.go({ name: 'consultation', id: [...core.visits.keys()][0] ?? '' });
    await find('note');
    await settle();
    await user.keyboard('a');
    await user.type(await find('statement-add-input'), 'hdm {Enter}');
    await settle();
    expect(get('note').textContent).toContain('Histoire de la maladie sans particularité');

    session.go({ name: 'settings' });
    await find('phrases');
    await user.click(all('phrase-remove')[0] as HTMLElement);
    await settle();
    expect(session.practice?.phrases.map((phrase) => phrase.key)).toEqual(['rcs']);
  });
});
