import { statements } from '../../review/doubts';
import type { Edit, Failure, Note, NoteView, SectionId, Statement } from '../types';

interface Snapshot {
  note: Note;
  checked: string[];
}

/** A draft with undo and redo, as the core keeps it. */
export class MockDraft {
  #past: Snapshot[] = [];
  #future: Snapshot[] = [];
  #now: Snapshot;
  #typed = 0;
  version = 1;

  constructor(
    note: Note,
    private readonly titles: Record<SectionId, string>,
    private readonly refuse: (code: Failure['code'], details?: Failure['details']) => never,
    checked: string[] = [],
  ) {
    this.#now = { note, checked };
  }

  get note(): Note {
    return this.#now.note;
  }

  get view(): NoteView {
    const { note, checked } = this.#now;
    const pending = statements(note).filter((s) => s.flags.includes('critical') && !checked.includes(s.id));
    return structuredClone({
      note,
      checked,
      pending: pending.map((s) => s.id),
      can_undo: this.#past.length > 0,
      can_redo: this.#future.length > 0,
      version: this.version,
    });
  }

  apply(edit: Edit): NoteView {
    const next = structuredClone(this.#now);
    this.#change(next, edit);
    if (JSON.stringify(next) !== JSON.stringify(this.#now)) {
      this.#past.push(this.#now);
      this.#now = next;
      this.#future = [];
      this.version += 1;
    }
    return this.view;
  }

  undo(): NoteView {
    return this.#step(this.#past, this.#future);
  }

  redo(): NoteView {
    return this.#step(this.#future, this.#past);
  }

  #step(from: Snapshot[], to: Snapshot[]): NoteView {
    const snapshot = from.pop();
    if (snapshot !== undefined) {
      to.push(this.#now);
      this.#now = snapshot;
      this.version += 1;
    }
    return this.view;
  }

  #change(next: Snapshot, edit: Edit): void {
    switch (edit.op) {
      case 'set_text': {
        const statement = this.#find(next.note, edit.id);
        if (edit.text.trim() === '') this.refuse('invalid_input');
        if (statement.text !== edit.text) Object.assign(statement, { text: edit.text, author: 'doctor', confidence: 1, attributes: {} });
        next.checked = [...new Set([...next.checked, edit.id])];
        return;
      }
      case 'delete':
        this.#take(next.note, edit.id);
        next.checked = next.checked.filter((id) => id !== edit.id);
        return;
      case 'move': {
        const statement = this.#take(next.note, edit.id);
        const home = this.#home(next.note, edit.section);
        home.splice(edit.position ?? home.length, 0, statement);
        return;
      }
      case 'split': {
        const whole = this.#find(next.note, edit.id);
        const home = next.note.sections.find((s) => s.statements.includes(whole))?.statements ?? [];
        const id = `dr-${(this.#typed += 1)}`;
        home.splice(home.indexOf(whole) + 1, 0, { ...structuredClone(whole), id, text: edit.second, author: 'doctor' });
        Object.assign(whole, { text: edit.first, author: 'doctor', attributes: {} });
        if (next.checked.includes(edit.id)) next.checked.push(id);
        return;
      }
      case 'merge': {
        const isSeen = next.checked.includes(edit.id);
        const part = this.#take(next.note, edit.id);
        const whole = this.#find(next.note, edit.into);
        Object.assign(whole, {
          text: `${whole.text} ; ${part.text}`,
          author: 'doctor',
          sources: [...whole.sources, ...part.sources],
          flags: [...new Set([...whole.flags, ...part.flags])],
        });
        if (!isSeen) next.checked = next.checked.filter((id) => id !== edit.into);
        return;
      }
      case 'check':
        this.#find(next.note, edit.id);
        next.checked = next.checked.filter((id) => id !== edit.id);
        if (edit.checked) next.checked.push(edit.id);
        return;
      case 'add':
        if (edit.text.trim() === '') this.refuse('invalid_input');
        this.#type(next, edit.section, { text: edit.text.trim(), sources: [], author: 'doctor' });
        return;
      case 'accept_omission': {
        this.#dismiss(next.note, edit.segment, edit.quote);
        const text = edit.quote.charAt(0).toUpperCase() + edit.quote.slice(1);
        this.#type(next, edit.section, { text, sources: [{ segment: edit.segment, quote: edit.quote }] });
        return;
      }
      case 'dismiss_omission':
        this.#dismiss(next.note, edit.segment, edit.quote);
    }
  }

  #type(next: Snapshot, section: SectionId, own: Pick<Statement, 'text' | 'sources' | 'author'>): void {
    const id = `dr-${(this.#typed += 1)}`;
    next.checked.push(id);
    this.#home(next.note, section).push({
      id,
      kind: 'other',
      polarity: 'present',
      experiencer: 'patient',
      temporality: 'current',
      attributes: {},
      confidence: 1,
      flags: [],
      ...own,
    });
  }

  #find(note: Note, id: string): Statement {
    return statements(note).find((s) => s.id === id) ?? this.refuse('not_found', { id });
  }

  #take(note: Note, id: string): Statement {
    const found = this.#find(note, id);
    for (const section of note.sections) section.statements = section.statements.filter((s) => s.id !== id);
    note.sections = note.sections.filter((section) => section.statements.length > 0);
    return found;
  }

  #home(note: Note, id: SectionId): Statement[] {
    let section = note.sections.find((s) => s.id === id);
    if (section === undefined) {
      section = { id, title: this.titles[id], statements: [] };
      note.sections.push(section);
      const order = Object.keys(this.titles);
      note.sections.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
    }
    return section.statements;
  }

  #dismiss(note: Note, segment: number, quote: string): void {
    const at = note.omissions.findIndex((o) => o.segment === segment && o.quote === quote);
    if (at < 0) this.refuse('not_found', { id: 'omission' });
    note.omissions.splice(at, 1);
  }
}
