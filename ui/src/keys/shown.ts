import { t } from '../i18n/index.svelte';
import { session } from '../stores/session.svelte';
import type { Action } from './keymap';
import { keysOf } from './keymap';

/** The first keys of an action, which follow what the doctor chooses. */
export function firstKeys(action: Action): string {
  void session.status?.preferences.shortcuts;
  return keysOf(action)[0] ?? '';
}

/** Keys by the names printed on them. */
export function namesOf(combination: string): string[] {
  const words: Record<string, string> = t().help.key;
  return combination.split('+').map((part) => words[part] ?? part);
}

/** For a tooltip: "Ctrl+Entrée". */
export function hintOf(action: Action): string {
  return namesOf(firstKeys(action)).join('+');
}
