import type { Phrase } from '../ipc/types';

/** What to write over `from` to `to` of a text, where the space just typed at `caret` ends the key of a phrase. */
export interface Expansion {
  from: number;
  to: number;
  text: string;
}

const KEY = /(?:^|[\s(,;:«"'’])([\p{L}\p{N}]+) $/u;

export function expansion(value: string, caret: number, phrases: readonly Phrase[]): Expansion | null {
  const typed = KEY.exec(value.slice(0, caret))?.[1];
  if (typed === undefined) return null;
  const phrase = phrases.find(({ key }) => key.toLowerCase() === typed.toLowerCase());
  if (phrase === undefined || phrase.text === '') return null;
  const isCapital = typed.length > 1 && typed.charAt(0) !== typed.charAt(0).toLowerCase();
  const text = isCapital ? phrase.text.charAt(0).toUpperCase() + phrase.text.slice(1) : phrase.text;
  return { from: caret - typed.length - 1, to: caret, text: `${text} ` };
}

/** Why a key cannot be added: it has other signs than letters and digits, or another phrase has it. */
export function faultOfKey(key: string, phrases: readonly Phrase[]): 'shape' | 'taken' | null {
  if (!/^[\p{L}\p{N}]{1,20}$/u.test(key)) return 'shape';
  return phrases.some((phrase) => phrase.key.toLowerCase() === key.toLowerCase()) ? 'taken' : null;
}
