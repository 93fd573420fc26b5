import type { Segment, Source, Statement } from '../ipc/types';

/** Characters `from` (included) to `to` (excluded) of a segment's text. */
export interface Range {
  from: number;
  to: number;
}

/** Milliseconds of the recording. */
export interface Passage {
  start_ms: number;
  end_ms: number;
}

/** A word of the recogniser, found again in its segment's text. */
export interface PlacedWord extends Range, Passage {
  probability: number;
}

/** Where a quote stands in a text, word for word; `nth` tells repeated ones apart. Null when it is not there. */
export function locate(text: string, quote: string, nth = 0): Range | null {
  if (quote === '') return null;
  let from = text.indexOf(quote);
  for (let seen = 0; seen < nth && from >= 0; seen += 1) {
    const next = text.indexOf(quote, from + quote.length);
    if (next < 0) break;
    from = next;
  }
  return from < 0 ? null : { from, to: from + quote.length };
}

/** The words of a segment in its text, in order. A word that the text does not hold any more is left out. */
export function placeWords(segment: Segment): PlacedWord[] {
  const placed: PlacedWord[] = [];
  let cursor = 0;
  for (const word of segment.words ?? []) {
    const text = word.text.trim();
    if (text === '') continue;
    const from = segment.text.indexOf(text, cursor);
    if (from < 0) continue;
    cursor = from + text.length;
    placed.push({
      from,
      to: cursor,
      start_ms: word.start_ms,
      end_ms: word.end_ms,
      probability: word.probability,
    });
  }
  return placed;
}

const LETTER = /[\p{L}\p{N}]/u;

/** What to play for a range: from the first of its words to the last; the whole segment where words are unknown. */
export function passageOf(segment: Segment, range: Range | null): Passage {
  const whole = { start_ms: segment.start_ms, end_ms: segment.end_ms };
  if (range === null) return whole;
  const words = placeWords(segment).filter((word) => word.from < range.to && word.to > range.from);
  const first = words[0];
  const last = words[words.length - 1];
  if (first === undefined || last === undefined) return whole;
  // A quote that goes on beyond the words that could be placed must not be cut short.
  const unheard = (from: number, to: number) => LETTER.test(segment.text.slice(from, Math.max(from, to)));
  const start_ms = unheard(range.from, first.from) ? segment.start_ms : first.start_ms;
  const end_ms = unheard(last.to, range.to) ? segment.end_ms : last.end_ms;
  return end_ms > start_ms ? { start_ms, end_ms } : whole;
}

/** A source found in its segment. */
export interface Found {
  segment: Segment;
  range: Range | null;
}

export function findSources(sources: Source[], segments: Map<number, Segment>): Found[] {
  const found: Found[] = [];
  sources.forEach((source, at) => {
    const segment = segments.get(source.segment);
    if (segment === undefined) return;
    const before = sources.slice(0, at);
    const nth = before.filter((b) => b.segment === source.segment && b.quote === source.quote).length;
    found.push({ segment, range: locate(segment.text, source.quote, nth) });
  });
  return found;
}

/** Which statements each segment gave: the way back from the transcript. */
export function citedBy(statements: readonly Statement[]): Map<number, Statement[]> {
  const cited = new Map<number, Statement[]>();
  for (const statement of statements) {
    for (const index of new Set(statement.sources.map((source) => source.segment))) {
      cited.set(index, [...(cited.get(index) ?? []), statement]);
    }
  }
  return cited;
}

/** What is lit in each segment; the whole of it where the quote does not stand in its text. */
export function lightOf(found: readonly Found[]): Map<number, Range[]> {
  const light = new Map<number, Range[]>();
  for (const { segment, range } of found) {
    const whole = { from: 0, to: segment.text.length };
    light.set(segment.index, [...(light.get(segment.index) ?? []), range ?? whole]);
  }
  return light;
}

/** Passages closer than this are played in one go: a question and its answer. */
const JOINED_MS = 1500;

/** What Space plays for a statement: its sources in the order of the recording, neighbours joined. */
export function passagesOf(found: Found[]): Passage[] {
  const parts = found.map(({ segment, range }) => passageOf(segment, range));
  parts.sort((a, b) => a.start_ms - b.start_ms);
  const joined: Passage[] = [];
  for (const part of parts) {
    const last = joined[joined.length - 1];
    if (last !== undefined && part.start_ms - last.end_ms <= JOINED_MS) {
      last.end_ms = Math.max(last.end_ms, part.end_ms);
    } else {
      joined.push({ ...part });
    }
  }
  return joined;
}

/** A piece of a segment's text as it is drawn. */
export interface Piece {
  text: string;
  lit: boolean;
  /** Heard with little confidence: shown only inside what is lit. */
  faint: boolean;
}

const FAINT_BELOW = 0.5;

/** Cuts a text where its light goes on and off. Joined again, the pieces are the text. */
export function cut(segment: Segment, lit: Range[]): Piece[] {
  const { text } = segment;
  const isLit = (at: number) => lit.some((range) => range.from <= at && at < range.to);
  const faint = lit.length === 0 ? [] : placeWords(segment).filter((w) => w.probability < FAINT_BELOW);
  const isFaint = (at: number) => faint.some((word) => word.from <= at && at < word.to);
  const edges = new Set([0, text.length]);
  for (const range of [...lit, ...faint]) {
    edges.add(Math.min(range.from, text.length)).add(Math.min(range.to, text.length));
  }
  const sorted = [...edges].sort((a, b) => a - b);
  const pieces: Piece[] = [];
  for (let at = 0; at + 1 < sorted.length; at += 1) {
    const from = sorted[at] ?? 0;
    const piece = {
      text: text.slice(from, sorted[at + 1]),
      lit: isLit(from),
      faint: isLit(from) && isFaint(from),
    };
    const last = pieces[pieces.length - 1];
    if (last !== undefined && last.lit === piece.lit && last.faint === piece.faint) last.text += piece.text;
    else pieces.push(piece);
  }
  return pieces;
}
