import type { Action, Press, Scope } from './keymap';
import { keymap, keysOf } from './keymap';

/** What is the same everywhere (arrows, Enter to save, Escape to leave) or is a row of digits is not for choosing. */
const FIXED: readonly Action[] = ['help', 'regions', 'rows', 'filter', 'leaveWalk', 'moveToSection', 'statements', 'save', 'split', 'cancel'];
export const CHANGEABLE = (Object.keys(keymap) as Action[]).filter((action) => !FIXED.includes(action));

const NAMED = /^(F\d{1,2}|Arrow(Up|Down|Left|Right)|Enter|Tab|Delete|Home|End|PageUp|PageDown|Insert)$/;
/** What every text field and every browser window means by these stays so. */
const TAKEN = ['Ctrl+A', 'Ctrl+C', 'Ctrl+V', 'Ctrl+X', 'F1', 'F6', 'Tab', 'Shift+Tab', 'Enter'];

export type Fault = { kind: 'shape' } | { kind: 'reserved' } | { kind: 'used'; by: Action };

/** A press as the table writes it; null where it is no key that all keyboards have: digits and signs move between layouts. */
export function combinationOf(event: Press): string | null {
  if (event.altKey && event.ctrlKey) return null;
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  if (!/^[A-Z]$/.test(key) && key !== 'Space' && !NAMED.test(key)) return null;
  const held = [event.ctrlKey || event.metaKey ? 'Ctrl' : '', event.shiftKey ? 'Shift' : '', event.altKey ? 'Alt' : ''];
  return [...held.filter((name) => name !== ''), key].join('+');
}

/** Modifiers alone are not yet a press. */
export function isHeld(event: Press): boolean {
  return ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead'].includes(event.key);
}

/** Scopes that are on the screen together. */
function meets(one: Scope, other: Scope): boolean {
  const both = [one, other];
  return one === other || both.includes('anywhere') || (both.includes('review') && both.includes('listen'));
}

/** Why an action cannot have these keys; null where it can. */
export function faultOf(action: Action, combination: string | null): Fault | null {
  if (combination === null) return { kind: 'shape' };
  if (TAKEN.includes(combination) && !(keymap[action].keys as readonly string[]).includes(combination)) return { kind: 'reserved' };
  const others = (Object.keys(keymap) as Action[]).filter((other) => other !== action && meets(keymap[action].scope, keymap[other].scope));
  const by = others.find((other) => keysOf(other).includes(combination));
  return by === undefined ? null : { kind: 'used', by };
}
