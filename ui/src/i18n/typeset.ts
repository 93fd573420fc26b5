/** French spacing, applied to the whole dictionary at once so that its lines can be written with ordinary spaces. */
const NARROW = '\u202f';
const FIXED = '\u00a0';

const UNITS = 'h|min|s|ms|mg|g|ml|kg|cm|Mo|Go|ko|mmHg|minutes?|secondes?|caractères|heures?|jours?';

export function typesetFrench(text: string): string {
  return text
    .replace(/(\S) ([;!?])/g, `$1${NARROW}$2`)
    .replace(/(\S) :/g, `$1${FIXED}:`)
    .replace(/« /g, `«${FIXED}`)
    .replace(/ »/g, `${FIXED}»`)
    .replace(/(\d) %/g, `$1${NARROW}%`)
    .replace(new RegExp(`(\\d) (?=(?:${UNITS})(?![\\p{L}]))`, 'gu'), `$1${FIXED}`)
    .replace(/(\d+[\u00a0 ]h) (\d)/g, `$1${FIXED}$2`)
    .replace(/(\p{L})'(?=\p{L})/gu, '$1’')
    .replace(/ (n°|p\.) /g, ` $1${FIXED}`);
}

export function typesetEnglish(text: string): string {
  return text.replace(/(\p{L})'(?=\p{L})/gu, '$1’').replace(/(\d) (?=(?:min|s|mg|mmHg)(?!\p{L}))/gu, `$1${FIXED}`);
}

/** Typesets every line of a dictionary, and what its functions return. */
export function typesetAll<T>(entry: T, typeset: (text: string) => string): T {
  if (typeof entry === 'string') return typeset(entry) as T;
  if (typeof entry === 'function') {
    const line = entry as unknown as (...args: unknown[]) => string;
    return ((...args: unknown[]) => typeset(line(...args))) as T;
  }
  if (typeof entry === 'object' && entry !== null) {
    const pairs = Object.entries(entry).map(([key, value]) => [key, typesetAll<unknown>(value, typeset)]);
    return Object.fromEntries(pairs) as T;
  }
  return entry;
}
