import { describe, expect, it } from 'vitest';

import type { Flag, NoteView, Statement } from '../src/ipc/types';
import { doubts, following, sectionOf, step } from '../src/review/doubts';

function statement(id: string, flags: Flag[] = [], more: Partial<Statement> = {}): Statement {
  return {
    id,
    kind: 'symptom',
    text: id,
    polarity: 'present',
    experiencer: 'patient',
    temporality: 'current',
    attributes: {},
    sources: [{ segment: 0, quote: 'x' }],
    confidence: 0.9,
    flags,
    ...more,
  };
}

function view(statements: Statement[], checked: string[] = []): NoteView {
  const pending = statements.filter((s) => s.flags.includes('critical') && !checked.includes(s.id)).map((s) => s.id);
  return {
    note: {
      schema: 'calame.note/1',
      language: 'fr',
      sections: [
        { id: 'histoire', title: 'Histoire', statements: statements.slice(0, 2) },
        { id: 'ordonnance', title: 'Ordonnance', statements: statements.slice(2) },
      ],
      omissions: [{ segment: 7, quote: 'je dors mal' }],
    },
    checked,
    pending,
    can_undo: false,
    can_redo: false,
    version: 1,
  };
}

const mixed = [
  statement('unsure', ['low_confidence_words']),
  statement('plain'),
  statement('drug', ['critical'], { kind: 'drug', attributes: { dose: '1 g' } }),
  statement('odd', ['implausible_value']),
];

describe('the queue of what needs a look', () => {
  it('holds critical items first, then what was heard badly, then omissions', () => {
    expect(doubts(view(mixed)).map((d) => d.key)).toEqual(['drug', 'unsure', 'odd', 'omission 7 je dors mal']);
  });

  it('loses what was looked at, and what the doctor wrote', () => {
    expect(doubts(view(mixed, ['drug', 'unsure'])).map((d) => d.key)).toEqual(['odd', 'omission 7 je dors mal']);
    const written = mixed.map((s) => (s.id === 'odd' ? { ...s, author: 'doctor' as const } : s));
    expect(doubts(view(written)).map((d) => d.key)).not.toContain('odd');
  });

  it('says why: the drug, the side, the figure, the negation, or what was misheard', () => {
    const why = (s: Statement) => {
      const [first] = doubts(view([s]));
      return first?.kind === 'omission' ? [] : first?.why;
    };
    expect(why(statement('a', ['critical', 'uncertain_drug_name'], { kind: 'drug' }))).toEqual(['drug', 'drug_name']);
    expect(why(statement('a', ['critical'], { attributes: { laterality: 'gauche' }, polarity: 'absent' }))).toEqual(['side', 'negation']);
    expect(why(statement('a', ['critical'], { kind: 'vital' }))).toEqual(['figure']);
    expect(why(statement('a', ['critical']))).toEqual(['critical']);
    expect(why(statement('a', [], { confidence: 0.2 }))).toEqual(['confidence']);
  });

  it('stays sparse: an ordinary statement raises nothing', () => {
    expect(doubts(view([statement('plain')])).filter((d) => d.kind !== 'omission')).toEqual([]);
  });
});

describe('the walk', () => {
  const queue = doubts(view(mixed));

  it('begins at the first, goes on, and ends after the last', () => {
    expect(step(queue, null, 1)?.key).toBe('drug');
    expect(step(queue, 'drug', 1)?.key).toBe('unsure');
    expect(step(queue, 'omission 7 je dors mal', 1)).toBeNull();
    expect(step(queue, 'drug', -1)).toBeNull();
  });

  it('goes to the next one left after one was settled, and back to those passed over at the end', () => {
    const after = queue.filter((d) => d.key !== 'unsure');
    expect(following(queue, after, 'unsure')?.key).toBe('odd');
    const passedOver = queue.filter((d) => d.key === 'drug');
    expect(following(queue, passedOver, 'omission 7 je dors mal')?.key).toBe('drug');
    expect(following(queue, [], 'drug')).toBeNull();
  });

  it('knows the section of a statement', () => {
    expect(sectionOf(view(mixed).note, 'drug')).toBe('ordonnance');
    expect(sectionOf(view(mixed).note, 'gone')).toBeNull();
  });
});
