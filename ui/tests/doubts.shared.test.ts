import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Note, Statement } from '../src/ipc/types';
import { doubts, statements } from '../src/review/doubts';

interface Case {
  case: string;
  note: Note;
  doubts: [string, string][];
}

/** `calame eval review` counts what the screens walk: both hold to the same cases. */
const cases = JSON.parse(readFileSync('../crates/eval/tests/doubts.json', 'utf8')) as Case[];

const isCritical = (statement: Statement) => statement.flags.includes('critical');

describe('a fresh draft raises the doubts that evaluation counts', () => {
  it.each(cases)('$case', ({ note, doubts: expected }) => {
    const pending = statements(note).filter(isCritical).map((s) => s.id);
    const view = { note, checked: [], pending, can_undo: false, can_redo: false, version: 1 };
    const raised = doubts(view).map((d) => [d.kind, d.kind === 'omission' ? d.omission.quote : d.id]);
    expect(raised).toEqual(expected);
  });
});
