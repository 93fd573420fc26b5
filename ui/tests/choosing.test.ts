import { afterEach, describe, expect, it } from 'vitest';

import { CHANGEABLE, combinationOf, faultOf } from '../src/keys/choosing';
import type { Press } from '../src/keys/keymap';
import { chooseKeys, keymap, keysOf, pressed } from '../src/keys/keymap';

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

afterEach(() => chooseKeys(undefined));

describe('keys that the doctor chooses', () => {
  it('take the place of those of the table, and go back', () => {
    chooseKeys({ stop: ['X'] });
    expect(pressed(press('x'), 'stop')).toBe(true);
    expect(pressed(press('s'), 'stop')).toBe(false);
    chooseKeys({ stop: [] });
    expect(keysOf('stop')).toEqual(keymap.stop.keys);
  });

  it('are the same on AZERTY and QWERTY: no digit, no sign, no AltGr', () => {
    expect(combinationOf(press('x'))).toBe('X');
    expect(combinationOf(press(' ', { ctrlKey: true }))).toBe('Ctrl+Space');
    expect(combinationOf(press('ArrowUp', { altKey: true }))).toBe('Alt+ArrowUp');
    for (const key of ['1', '&', 'é', ';', '?']) expect(combinationOf(press(key))).toBeNull();
    expect(combinationOf(press('e', { ctrlKey: true, altKey: true }))).toBeNull();
  });

  it('never mean two things on one screen', () => {
    expect(faultOf('stop', 'P')).toEqual({ kind: 'used', by: 'pause' });
    // The doubts are walked while their passages are heard: both are on the screen.
    expect(faultOf('loop', 'J')).toEqual({ kind: 'used', by: 'merge' });
    expect(faultOf('stop', 'D')).toEqual({ kind: 'used', by: 'patient' });
    expect(faultOf('stop', 'J')).toBeNull();
    expect(faultOf('stop', 'Ctrl+C')).toEqual({ kind: 'reserved' });
    expect(faultOf('stop', null)).toEqual({ kind: 'shape' });
  });

  it('accept what each action has now', () => {
    for (const action of CHANGEABLE) for (const keys of keymap[action].keys) expect(faultOf(action, keys)).toBeNull();
  });
});
