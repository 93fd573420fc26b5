/** Every shortcut, once: the help overlay lists this table and the screens match against it.
 *
 *  Letters and named keys only, so that AZERTY and QWERTY agree; digits are physical keys (`Digit1`), which need no
 *  Shift on AZERTY, and always have another way. */
export type Scope = 'anywhere' | 'day' | 'record' | 'review' | 'listen' | 'edit';

export interface Shortcut {
  scope: Scope;
  keys: readonly string[];
}

export const keymap = {
  help: { scope: 'anywhere', keys: ['F1', '?'] },
  lock: { scope: 'anywhere', keys: ['Ctrl+L'] },
  back: { scope: 'anywhere', keys: ['Alt+ArrowLeft'] },
  regions: { scope: 'anywhere', keys: ['F6'] },
  patient: { scope: 'anywhere', keys: ['D'] },

  create: { scope: 'day', keys: ['N', 'Ctrl+N'] },
  search: { scope: 'day', keys: ['Ctrl+F', 'F'] },
  rows: { scope: 'day', keys: ['ArrowDown', 'ArrowUp'] },
  filter: { scope: 'day', keys: ['Digit1', 'Digit2', 'Digit3', 'Digit4', 'Digit5'] },

  start: { scope: 'record', keys: ['Enter', 'R'] },
  pause: { scope: 'record', keys: ['P'] },
  stop: { scope: 'record', keys: ['S'] },
  mark: { scope: 'record', keys: ['M'] },
  eraseLast: { scope: 'record', keys: ['E'] },

  nextDoubt: { scope: 'review', keys: ['Tab', 'N'] },
  previousDoubt: { scope: 'review', keys: ['Shift+Tab', 'P'] },
  leaveWalk: { scope: 'review', keys: ['Escape'] },
  accept: { scope: 'review', keys: ['Enter'] },
  edit: { scope: 'review', keys: ['E', 'F2'] },
  remove: { scope: 'review', keys: ['Delete'] },
  move: { scope: 'review', keys: ['M'] },
  moveToSection: { scope: 'review', keys: ['Digit1', 'Digit2', 'Digit3', 'Digit4', 'Digit5', 'Digit6', 'Digit7', 'Digit8', 'Digit9'] },
  raise: { scope: 'review', keys: ['Alt+ArrowUp'] },
  lower: { scope: 'review', keys: ['Alt+ArrowDown'] },
  merge: { scope: 'review', keys: ['J'] },
  add: { scope: 'review', keys: ['A'] },
  dictate: { scope: 'review', keys: ['T'] },
  swapSpeakers: { scope: 'review', keys: ['X'] },
  nextSpeaker: { scope: 'review', keys: ['Q'] },
  statements: { scope: 'review', keys: ['ArrowDown', 'ArrowUp'] },
  undo: { scope: 'review', keys: ['Ctrl+Z'] },
  redo: { scope: 'review', keys: ['Ctrl+Shift+Z', 'Ctrl+Y'] },
  validate: { scope: 'review', keys: ['Ctrl+Enter'] },

  play: { scope: 'listen', keys: ['Space'] },
  hearNext: { scope: 'listen', keys: ['ArrowRight'] },
  hearPrevious: { scope: 'listen', keys: ['ArrowLeft'] },
  faster: { scope: 'listen', keys: ['V'] },
  slower: { scope: 'listen', keys: ['Shift+V'] },
  loop: { scope: 'listen', keys: ['L'] },
  nextMarker: { scope: 'listen', keys: ['R'] },

  save: { scope: 'edit', keys: ['Enter'] },
  split: { scope: 'edit', keys: ['Shift+Enter'] },
  cancel: { scope: 'edit', keys: ['Escape'] },
} as const satisfies Record<string, Shortcut>;

export type Action = keyof typeof keymap;

/** What of a keyboard event counts; a plain object in tests. */
export type Press = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Keys that the doctor chose in place of those of the table. */
let chosen: Readonly<Record<string, readonly string[]>> = {};

export function chooseKeys(keys: Readonly<Record<string, readonly string[]>> | undefined): void {
  chosen = keys ?? {};
}

export function keysOf(action: Action): readonly string[] {
  const own = chosen[action];
  return own === undefined || own.length === 0 ? keymap[action].keys : own;
}

export function pressed(event: Press, action: Action): boolean {
  return keysOf(action).some((combination) => matches(event, combination));
}

export function matches(event: Press, combination: string): boolean {
  const parts = combination.split('+');
  const key = parts.pop() ?? '';
  const wants = (modifier: string) => parts.includes(modifier);
  if (event.altKey !== wants('Alt')) return false;
  if ((event.ctrlKey || event.metaKey) !== wants('Ctrl')) return false;
  // A sign such as "?" needs Shift on some layouts and not on others: the sign itself is what counts.
  if (key === '?') return event.key === '?';
  if (key.startsWith('Digit')) return event.code === key && !event.shiftKey;
  if (event.shiftKey !== wants('Shift')) return false;
  if (key === 'Space') return event.key === ' ';
  return event.key.length === 1 ? event.key.toUpperCase() === key : event.key === key;
}

/** Digit of a physical key of the top row, 1 to 9, whatever the layout prints on it. */
export function digit(event: Press, action: 'moveToSection' | 'filter' = 'moveToSection'): number | null {
  return pressed(event, action) ? Number(event.code.slice('Digit'.length)) : null;
}

/** Where letters are text, shortcuts of one letter must keep still. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('textarea, select') !== null) return true;
  const input = target.closest('input');
  return input !== null && !['checkbox', 'radio', 'button', 'range'].includes(input.type);
}

/** Space and Enter already mean something on these. */
export function isActivating(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a[href], input, select, [role=menuitem]') !== null;
}
