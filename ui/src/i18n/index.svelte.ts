import type { Language } from '../ipc/types';
import { en } from './en';
import { fr } from './fr';
import { typesetAll, typesetEnglish, typesetFrench } from './typeset';

/** The shape every language fills: French is written first. */
type Words<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { [K in keyof T]: Words<T[K]> };

export type Dictionary = Words<typeof fr>;

export const dictionaries: Record<Language, Dictionary> = {
  fr: typesetAll<Dictionary>(fr, typesetFrench),
  en: typesetAll<Dictionary>(en, typesetEnglish),
};

let current = $state<Language>('fr');

export function language(): Language {
  return current;
}

export function setLanguage(next: Language): void {
  current = next;
  document.documentElement.lang = next;
}

/** The words of the language in use; reading them in a component keeps it up to date. */
export function t(): Dictionary {
  return dictionaries[current];
}
