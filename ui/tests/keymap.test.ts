import { describe, expect, it } from 'vitest';

import { dictionaries } from '../src/i18n/index.svelte';
import type { Action, Press } from '../src/keys/keymap';
import { digit, isTyping, keymap, pressed } from '../src/keys/keymap';

function press(key: string, held: Partial<Press> = {}): Press {
  return { key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held };
}

describe('shortcuts', () => {
  it('match their key whatever its case, and only with their own modifiers', () => {
    expect(pressed(press('e'), 'edit')).toBe(true);
    expect(pressed(press('E'), 'edit')).toBe(true);
    expect(pressed(press('e', { ctrlKey: true }), 'edit')).toBe(false);
    expect(pressed(press('z', { ctrlKey: true }), 'undo')).toBe(true);
    expect(pressed(press('Z', { ctrlKey: true, shiftKey: true }), 'undo')).toBe(false);
    expect(pressed(press('Z', { ctrlKey: true, shiftKey: true }), 'redo')).toBe(true);
    expect(pressed(press('y', { ctrlKey: true }), 'redo')).toBe(true);
    expect(pressed(press('Tab', { shiftKey: true }), 'nextDoubt')).toBe(false);
    expect(pressed(press('Tab', { shiftKey: true }), 'previousDoubt')).toBe(true);
    expect(pressed(press(' '), 'play')).toBe(true);
  });

  it('take "?" with or without Shift: AZERTY and QWERTY differ', () => {
    expect(pressed(press('?', { shiftKey: true }), 'help')).toBe(true);
    expect(pressed(press('?'), 'help')).toBe(true);
  });

  it('read the top row by place: AZERTY gives "&" where QWERTY gives "1"', () => {
    expect(digit(press('&', { code: 'Digit1' }))).toBe(1);
    expect(digit(press('1', { code: 'Digit1' }))).toBe(1);
    expect(digit(press('ç', { code: 'Digit9' }))).toBe(9);
    expect(digit(press('à', { code: 'Digit0' }))).toBeNull();
    expect(digit(press('1', { code: 'Digit1', shiftKey: true }))).toBeNull();
  });

  it('never ask for Ctrl+Alt (AltGr), nor for a sign that moves between layouts', () => {
    for (const { keys } of Object.values(keymap)) {
      for (const combination of keys) {
        expect(combination).not.toMatch(/Ctrl\+Alt|Alt\+Ctrl/);
        expect(combination).toMatch(/^((Ctrl|Shift|Alt)\+)*([A-Z]|F\d+|\?|Digit\d|Arrow\w+|Enter|Escape|Tab|Space|Delete)$/);
      }
    }
  });

  it('have a name for every key the help shows', () => {
    for (const { keys } of Object.values(keymap)) {
      for (const part of keys.flatMap((combination) => combination.split('+'))) {
        if (part.length === 1 || /^(F\d+|Digit\d)$/.test(part)) continue;
        expect(Object.keys(dictionaries.fr.help.key)).toContain(part);
      }
    }
  });

  it('do not clash within a scope', () => {
    const scopes = new Map<string, Action[]>();
    for (const action of Object.keys(keymap) as Action[]) {
      for (const combination of keymap[action].keys) {
        const place = `${keymap[action].scope} ${combination}`;
        scopes.set(place, [...(scopes.get(place) ?? []), action]);
      }
    }
    expect([...scopes].filter(([, actions]) => actions.length > 1)).toEqual([]);
  });

  it('keep still where text is typed', () => {
    const input = document.createElement('input');
    const box = Object.assign(document.createElement('input'), { type: 'checkbox' });
    expect(isTyping(input)).toBe(true);
    expect(isTyping(document.createElement('textarea'))).toBe(true);
    expect(isTyping(box)).toBe(false);
    expect(isTyping(document.body)).toBe(false);
  });
});
