import { statements } from '../../review/doubts';
import type { Difference, Edit, Failure, Note, NoteVersion, NoteView, SectionId, Signature } from '../types';
import { MockDraft } from './draft';

type Refuse = (code: Failure['code'], details?: Failure['details']) => never;

interface Version {
  about: NoteVersion;
  note: Note;
}

/** The signed versions of one note, and the addendum being written to it. */
export class MockHistory {
  #versions: Version[];
  #addendum: MockDraft | null = null;

  constructor(
    note: Note,
    signature: Signature,
    private readonly titles: Record<SectionId, string>,
    private readonly refuse: Refuse,
  ) {
    this.#versions = [{ about: { version: 1, kind: 'validated', ...signature }, note: structuredClone(note) }];
  }

  get hasDraft(): boolean {
    return this.#addendum?.view.can_undo === true;
  }

  get versions(): NoteVersion[] {
    return this.#versions.map(({ about }) => about);
  }

  get note(): Note {
    return this.#last.note;
  }

  begin(): NoteView {
    return this.#draft.view;
  }

  edit(edit: Edit): NoteView {
    return this.#draft.apply(edit);
  }

  undo(): NoteView {
    return this.#draft.undo();
  }

  redo(): NoteView {
    return this.#draft.redo();
  }

  discard(): void {
    this.#addendum = null;
  }

  sign(signature: Signature): void {
    const note = structuredClone(this.#draft.note);
    if (this.#changes(this.#last.note, note).length === 0) this.refuse('empty_note');
    if (this.#draft.view.pending.length > 0) this.refuse('unchecked_critical', { count: String(this.#draft.view.pending.length) });
    this.#versions.push({ about: { version: this.#versions.length + 1, kind: 'addendum', ...signature }, note });
    this.#addendum = null;
  }

  differences(older: number, newer: number): Difference[] {
    const [before, after] = [this.#versions[older - 1], this.#versions[newer - 1]];
    return before === undefined || after === undefined ? this.refuse('not_found') : this.#changes(before.note, after.note);
  }

  get #last(): Version {
    return this.#versions[this.#versions.length - 1] ?? this.refuse('not_validated');
  }

  get #draft(): MockDraft {
    const checked = statements(this.note).map(({ id }) => id);
    this.#addendum ??= new MockDraft(structuredClone(this.note), this.titles, this.refuse, checked);
    return this.#addendum;
  }

  #changes(older: Note, newer: Note): Difference[] {
    const placed = (note: Note) => new Map(note.sections.flatMap(({ id, statements: all }) => all.map((statement) => [statement.id, { section: id, statement }] as const)));
    const [before, after] = [placed(older), placed(newer)];
    const found: Difference[] = [];
    for (const [id, { section, statement }] of after) {
      const was = before.get(id);
      if (was === undefined) found.push({ change: 'added', section, statement });
      else if (was.statement.text !== statement.text) found.push({ change: 'changed', from: was.section, to: section, before: was.statement, after: statement });
      else if (was.section !== section) found.push({ change: 'moved', from: was.section, to: section, statement });
    }
    for (const [id, { section, statement }] of before) if (!after.has(id)) found.push({ change: 'removed', section, statement });
    return found;
  }
}
