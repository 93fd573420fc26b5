import type { Flag, Note, NoteView, Omission, SectionId, Statement } from '../ipc/types';

/** Something the doctor should look at, in the order in which it is walked. */
export type Doubt =
  | { kind: 'critical'; key: string; id: string; why: Why[] }
  | { kind: 'unsure'; key: string; id: string; why: Why[] }
  | { kind: 'omission'; key: string; omission: Omission };

/** Why it stands out; the screens word it. */
export type Why =
  | 'drug'
  | 'allergy'
  | 'figure'
  | 'negation'
  | 'side'
  | 'critical'
  | 'words'
  | 'implausible'
  | 'drug_name'
  | 'speaker'
  | 'audio'
  | 'confidence';

/** Below this, what was understood is rather a guess. */
const UNSURE_BELOW = 0.5;

const WHY_OF_FLAG: Partial<Record<Flag, Why>> = {
  low_confidence_words: 'words',
  implausible_value: 'implausible',
  uncertain_drug_name: 'drug_name',
  unsure_speaker: 'speaker',
  suspect_audio: 'audio',
};

export function statements(note: Note): Statement[] {
  return note.sections.flatMap((section) => section.statements);
}

export function sectionOf(note: Note, id: string): SectionId | null {
  const home = note.sections.find((section) => section.statements.some((s) => s.id === id));
  return home?.id ?? null;
}

/** Critical statements not looked at, then what was heard or understood badly, then what no statement covers. */
export function doubts(view: NoteView): Doubt[] {
  const pending = new Set(view.pending);
  const checked = new Set(view.checked);
  const all = statements(view.note);
  const critical = all
    .filter((s) => pending.has(s.id))
    .map((s): Doubt => ({ kind: 'critical', key: s.id, id: s.id, why: whyCritical(s) }));
  const unsure = all
    .filter((s) => !pending.has(s.id) && !checked.has(s.id) && s.author !== 'doctor')
    .map((s): Doubt => ({ kind: 'unsure', key: s.id, id: s.id, why: whyUnsure(s) }))
    .filter((d) => d.kind === 'unsure' && d.why.length > 0);
  const omitted = view.note.omissions.map(
    (omission): Doubt => ({ kind: 'omission', key: omissionKey(omission), omission }),
  );
  return [...critical, ...unsure, ...omitted];
}

export function omissionKey({ segment, quote }: Omission): string {
  return `omission ${segment} ${quote}`;
}

function whyCritical(statement: Statement): Why[] {
  const why: Why[] = [];
  const { kind, attributes } = statement;
  if (kind === 'drug' || kind === 'vaccine') why.push('drug');
  if (kind === 'allergy') why.push('allergy');
  const measured = kind === 'vital' || kind === 'lab';
  if (measured || (kind !== 'drug' && (attributes.value ?? attributes.dose) !== undefined)) why.push('figure');
  if (attributes.laterality !== undefined) why.push('side');
  if (statement.polarity === 'absent') why.push('negation');
  return [...(why.length > 0 ? why : (['critical'] as const)), ...whyUnsure(statement)];
}

function whyUnsure(statement: Statement): Why[] {
  const why = statement.flags.map((flag) => WHY_OF_FLAG[flag]).filter((w) => w !== undefined);
  if (why.length === 0 && statement.confidence < UNSURE_BELOW) why.push('confidence');
  return why;
}

/** The doubt to look at after one was settled: the one which took its place, else the first one left. */
export function following(before: Doubt[], after: Doubt[], settled: string): Doubt | null {
  const at = before.findIndex((doubt) => doubt.key === settled);
  const later = before.slice(at + 1).find((doubt) => after.some((a) => a.key === doubt.key));
  const key = later?.key ?? after[0]?.key;
  return after.find((doubt) => doubt.key === key) ?? null;
}

export function step(queue: Doubt[], current: string | null, by: 1 | -1): Doubt | null {
  const at = queue.findIndex((doubt) => doubt.key === current);
  if (at < 0) return (by === 1 ? queue[0] : queue[queue.length - 1]) ?? null;
  return queue[at + by] ?? null;
}

/** Where an omission goes when the doctor takes it in without naming a section. */
export const OMISSION_HOME: SectionId = 'histoire';

/** Sections in the order of the note contract. */
export const SECTIONS: readonly SectionId[] = [
  'motif',
  'antecedents',
  'allergies',
  'traitements',
  'mode_de_vie',
  'histoire',
  'examen',
  'conclusion',
  'ordonnance',
  'conduite',
  'suivi',
];
