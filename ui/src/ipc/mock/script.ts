import type {
  Flag,
  Kind,
  Language,
  Note,
  Omission,
  SectionId,
  Segment,
  Source,
  Speaker,
  Statement,
  Transcript,
} from '../types';

/** A line of an invented consultation: who says what. */
export type Line = readonly [Speaker, string];

/** A statement as a short row: section, kind, text, sources, and what else differs from the ordinary. */
export interface Drafted {
  section: SectionId;
  kind: Kind;
  text: string;
  from: readonly (readonly [line: number, quote: string])[];
  flags?: Flag[];
  more?: Partial<Statement>;
}

export interface Script {
  language: Language;
  titles: Record<SectionId, string>;
  lines: readonly Line[];
  drafted: readonly Drafted[];
  omissions: readonly (readonly [line: number, quote: string])[];
  /** Words that the recogniser was unsure of. */
  faint: readonly string[];
}

const MS_PER_LETTER = 62;
const PAUSE_MS = 420;

/** The same visit, its lines said over and over: an hour of speech, to see that the screens keep up. */
export function lengthened(script: Script, lines: number): Script {
  const more = Array.from({ length: Math.max(0, lines - script.lines.length) }, (_, at) => {
    return script.lines[at % script.lines.length] ?? (['unknown', ''] as const);
  });
  return { ...script, lines: [...script.lines, ...more] };
}

/** Gives each line its times and words, as a recogniser would. */
export function transcriptOf(script: Script): Transcript {
  let at = 800;
  const segments = script.lines.map(([speaker, text], index): Segment => {
    const start_ms = at;
    const words = [...text.matchAll(/\S+/g)].map(([word]) => {
      const begin = at;
      at += (word.length + 1) * MS_PER_LETTER;
      return { text: word, start_ms: begin, end_ms: at - 20, probability: isFaint(script, word) ? 0.31 : 0.94 };
    });
    const end_ms = at;
    at += PAUSE_MS;
    return { index, speaker, start_ms, end_ms, text, words };
  });
  return { schema: 'calame.transcript/1', language: script.language, model: 'base', duration_ms: at, segments };
}

function isFaint(script: Script, word: string): boolean {
  return script.faint.some((faint) => word.includes(faint));
}

export function statementOf(drafted: Drafted, id: string): Statement {
  const sources: Source[] = drafted.from.map(([segment, quote]) => ({ segment, quote }));
  return {
    id,
    kind: drafted.kind,
    text: drafted.text,
    polarity: 'present',
    experiencer: 'patient',
    temporality: 'current',
    attributes: {},
    sources,
    confidence: 0.9,
    flags: drafted.flags ?? [],
    ...drafted.more,
  };
}

/** The note of what was said up to a line. */
export function noteOf(script: Script, upTo: number = script.lines.length): Note {
  const note: Note = { schema: 'calame.note/1', language: script.language, sections: [], omissions: [] };
  script.drafted.forEach((drafted, at) => {
    if (drafted.from.some(([line]) => line >= upTo)) return;
    let section = note.sections.find((s) => s.id === drafted.section);
    if (section === undefined) {
      section = { id: drafted.section, title: script.titles[drafted.section], statements: [] };
      note.sections.push(section);
    }
    section.statements.push(statementOf(drafted, `st-${at + 1}`));
  });
  const order = Object.keys(script.titles);
  note.sections.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  note.omissions = script.omissions
    .filter(([line]) => line < upTo)
    .map(([segment, quote]): Omission => ({ segment, quote }));
  return note;
}
