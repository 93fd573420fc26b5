import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Segment } from '../src/ipc/types';
import { citedBy, cut, findSources, lightOf, locate, passageOf, passagesOf, placeWords } from '../src/review/quotes';

function segment(text: string, index = 0, start = 1000): Segment {
  let at = start;
  const words = [...text.matchAll(/\S+/g)].map(([word]) => {
    const begin = at;
    at += 100;
    return { text: word, start_ms: begin, end_ms: at - 10, probability: 0.9 };
  });
  return { index, speaker: 'patient', start_ms: start - 50, end_ms: at + 50, text, words };
}

const word = fc.constantFrom('mal', 'à', 'la', 'gorge,', 'depuis', 'trois', 'jours.', 'J\'ai', 'déglutition', '38,5', 'Ça', 'œdème', '« oui »', 'là-bas', 'n\u0303andu', '👩‍⚕️', 'mal');
const sentence = fc.array(word, { minLength: 1, maxLength: 14 }).map((words) => words.join(' '));
const quoted = sentence.chain((text) =>
  fc.tuple(fc.nat(text.length - 1), fc.nat(text.length)).map(([a, b]) => {
    const [from, to] = a < b ? [a, b] : [b, a + 1];
    return { text, quote: text.slice(from, to) };
  }),
);

describe('a quote in its segment', () => {
  it('is found word for word, accents and punctuation included', () => {
    const text = 'Oui, j\'ai mal à la gorge ; ça brûle.';
    expect(locate(text, 'mal à la gorge')).toEqual({ from: 10, to: 24 });
    expect(locate(text, 'mal a la gorge')).toBeNull();
    expect(locate(text, '')).toBeNull();
  });

  it('said twice is told apart by its rank', () => {
    const text = 'un gramme le matin, un gramme le soir';
    expect(locate(text, 'un gramme')).toEqual({ from: 0, to: 9 });
    expect(locate(text, 'un gramme', 1)).toEqual({ from: 20, to: 29 });
    expect(locate(text, 'un gramme', 5)).toEqual({ from: 20, to: 29 });
    const one = segment(text);
    const found = findSources([{ segment: 0, quote: 'un gramme' }, { segment: 0, quote: 'un gramme' }], new Map([[0, one]]));
    expect(found.map((f) => f.range?.from)).toEqual([0, 20]);
  });

  it('lights up exactly its own words, whatever they are', () => {
    fc.assert(
      fc.property(quoted, ({ text, quote }) => {
        const range = locate(text, quote);
        expect(range).not.toBeNull();
        const pieces = cut(segment(text), range === null ? [] : [range]);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        expect(pieces.filter((piece) => piece.lit).map((piece) => piece.text).join('')).toBe(quote);
      }),
    );
  });

  it('in several pieces keeps the text whole, overlapping or not', () => {
    fc.assert(
      fc.property(sentence, fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 5 }), (text, pairs) => {
        const ranges = pairs.map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
        const pieces = cut(segment(text), ranges);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        expect(pieces.every((piece) => piece.text !== '' || text === '')).toBe(true);
      }),
    );
  });
});

describe('the passage of a quote', () => {
  it('goes from its first word to its last', () => {
    const one = segment('J\'ai mal à la gorge depuis trois jours.');
    expect(passageOf(one, locate(one.text, 'mal à la gorge'))).toEqual({ start_ms: 1100, end_ms: 1490 });
  });

  it('takes in a word of which the quote holds a part', () => {
    const one = segment('depuis trois jours.');
    expect(passageOf(one, locate(one.text, 'trois jours'))).toEqual({ start_ms: 1100, end_ms: 1290 });
  });

  it('is the whole segment where words are unknown or do not fit the text', () => {
    const bare: Segment = { index: 0, speaker: 'unknown', start_ms: 5, end_ms: 900, text: 'mal à la gorge' };
    expect(passageOf(bare, { from: 0, to: 3 })).toEqual({ start_ms: 5, end_ms: 900 });
    const foreign = { ...segment('mal à la gorge'), words: [{ text: 'xyz', start_ms: 6, end_ms: 7, probability: 1 }] };
    expect(passageOf(foreign, { from: 0, to: 3 })).toEqual({ start_ms: foreign.start_ms, end_ms: foreign.end_ms });
  });

  it('is never cut short by words that could not be placed', () => {
    const one = segment('un gramme trois fois par jour');
    const words = one.words?.slice(0, 3) ?? [];
    const partial = { ...one, words };
    expect(passageOf(partial, locate(one.text, 'gramme trois fois par jour'))).toEqual({ start_ms: 1100, end_ms: one.end_ms });
  });

  it('lies within the segment and is never empty', () => {
    fc.assert(
      fc.property(quoted, ({ text, quote }) => {
        const one = segment(text);
        const passage = passageOf(one, locate(text, quote));
        expect(passage.start_ms).toBeGreaterThanOrEqual(one.start_ms);
        expect(passage.end_ms).toBeLessThanOrEqual(one.end_ms);
        expect(passage.end_ms).toBeGreaterThan(passage.start_ms);
      }),
    );
  });

  it('places words in order, each on its own letters', () => {
    fc.assert(
      fc.property(sentence, (text) => {
        const placed = placeWords(segment(text));
        let last = 0;
        for (const { from, to } of placed) {
          expect(from).toBeGreaterThanOrEqual(last);
          expect(to).toBeGreaterThan(from);
          last = to;
        }
        expect(placed.length).toBe(text.split(/\s+/).length);
      }),
    );
  });
});

describe('what a statement plays', () => {
  const question = segment('De la fièvre ?', 0, 1000);
  const answer = segment('Oui, hier soir.', 1, 1600);
  const later = segment('Et encore ce matin.', 2, 60_000);
  const segments = new Map([question, answer, later].map((s) => [s.index, s]));

  it('joins a question and its answer, and keeps a later passage apart', () => {
    const sources = [
      { segment: 2, quote: 'encore ce matin' },
      { segment: 0, quote: 'De la fièvre ?' },
      { segment: 1, quote: 'Oui, hier soir' },
    ];
    const passages = passagesOf(findSources(sources, segments));
    expect(passages).toEqual([{ start_ms: 1000, end_ms: 1890 }, { start_ms: 60_100, end_ms: 60_390 }]);
  });

  it('leaves out a source whose segment is gone, and lights the whole segment where the quote is gone', () => {
    const found = findSources([{ segment: 9, quote: 'x' }, { segment: 1, quote: 'autre chose' }], segments);
    expect(found).toHaveLength(1);
    expect(lightOf(found).get(1)).toEqual([{ from: 0, to: answer.text.length }]);
  });

  it('is found back from each segment it cites, once', () => {
    const statement = { id: 'a', sources: [{ segment: 1, quote: 'Oui' }, { segment: 1, quote: 'hier' }] };
    const cited = citedBy([statement as never]);
    expect(cited.get(1)).toHaveLength(1);
    expect(cited.get(0)).toBeUndefined();
  });
});
