import type { Language } from '../ipc/types';
import { language } from './index.svelte';

const LOCALE: Record<Language, string> = { fr: 'fr-FR', en: 'en-GB' };
const FIXED = '\u00a0';

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Length of a recording: 3:07, 1:02:45. */
export function clock(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** The big timer keeps its width: 03:07. */
export function timer(ms: number): string {
  const text = clock(ms);
  return text.length < 5 ? `0${text}` : text;
}

/** Time of day: « 12 h 05 », "12:05". */
export function timeOfDay(at: string | Date, lang: Language = language()): string {
  const date = new Date(at);
  const [hours, minutes] = [date.getHours(), two(date.getMinutes())];
  return lang === 'fr' ? `${hours}${FIXED}h${FIXED}${minutes}` : `${two(hours)}:${minutes}`;
}

export function longDate(at: string | Date, lang: Language = language()): string {
  const format = new Intl.DateTimeFormat(LOCALE[lang], {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  return format.format(new Date(at));
}

export function shortDate(at: string | Date, lang: Language = language()): string {
  const format = new Intl.DateTimeFormat(LOCALE[lang], { day: 'numeric', month: 'long', year: 'numeric' });
  return format.format(new Date(at));
}

/** How long something took or will take, in words: « 3 min 20 s ». */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds}${FIXED}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)}${FIXED}h${FIXED}${two(minutes % 60)}`;
  const rest = seconds % 60;
  return rest === 0 ? `${minutes}${FIXED}min` : `${minutes}${FIXED}min${FIXED}${two(rest)}${FIXED}s`;
}

export function percent(fraction: number, lang: Language = language()): string {
  return new Intl.NumberFormat(LOCALE[lang], { style: 'percent', maximumFractionDigits: 0 }).format(fraction);
}

export function decimal(value: number, lang: Language = language()): string {
  return new Intl.NumberFormat(LOCALE[lang]).format(value);
}

/** A day as the record holds it ("1958-03-04"), as it is written in a form: 04/03/1958. */
export function writtenDay(iso: string): string {
  const [year, month, day] = iso.split('-');
  return `${day}/${month}/${year}`;
}

/** Reads 4/3/1958, 04.03.1958, 04031958 or 1958-03-04. Null when it is no day that has been. */
export function readDay(text: string, today: Date = new Date()): string | null {
  const trimmed = text.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(trimmed);
  const written = /^(\d{1,2})[\s/.-](\d{1,2})[\s/.-](\d{4})$/.exec(trimmed) ?? /^(\d{2})(\d{2})(\d{4})$/.exec(trimmed);
  const [year, month, day] = iso
    ? [Number(iso[1]), Number(iso[2]), Number(iso[3])]
    : written
      ? [Number(written[3]), Number(written[2]), Number(written[1])]
      : [0, 0, 0];
  const date = new Date(year, month - 1, day);
  const exists = date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day;
  if (!exists || year < 1880 || date > today) return null;
  return `${year}-${two(month)}-${two(day)}`;
}

/** Age in whole years on a given day. */
export function age(birth: string, on: string | Date): number {
  const [year = 0, month = 1, day = 1] = birth.split('-').map(Number);
  const at = new Date(on);
  const before = at.getMonth() + 1 < month || (at.getMonth() + 1 === month && at.getDate() < day);
  return at.getFullYear() - year - (before ? 1 : 0);
}

/** Size of a file: « 12,4 Mo ». */
export function megabytes(bytes: number, lang: Language = language()): string {
  const format = new Intl.NumberFormat(LOCALE[lang], { maximumFractionDigits: bytes < 1e8 ? 1 : 0 });
  return `${format.format(bytes / 1e6)}${FIXED}${lang === 'fr' ? 'Mo' : 'MB'}`;
}
