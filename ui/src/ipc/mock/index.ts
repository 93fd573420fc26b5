import { connect } from '../transport';
import type { Language, ModelState, Note, PatientFile, RecordStatus, Theme, Transcript } from '../types';
import { MockCore } from './backend';
import { VISIT_DAYS } from './course';
import { perform, shown, stopClock } from './still';

const MINUTE = 60_000;

/** A practice in the middle of its day, with a consultation at every stage. */
export function seedDay(core: MockCore, language: Language): Record<string, string> {
  const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString();
  const consent = (minutes: number) => ({ decision: 'informed', form: 'oral', at: ago(minutes) }) as const;
  const person = (fr: string, en: string, birth_date: string | null) => ({
    name: language === 'fr' ? fr : en,
    identifier: null,
    birth_date,
  });
  const say = (fr: string, en: string) => (language === 'fr' ? fr : en);
  const author = 'Dr Claire Fontanel';
  const signed = (minutes: number) => ({ author, at: ago(minutes), sha256: '3b7e91d05cf2a684'.repeat(4) });
  const done = (minutes: number, state: 'validated' | 'exported') => ({
    language,
    state,
    created_at: ago(minutes),
    consent: consent(minutes),
    audio_erased_at: ago(minutes - 15),
    validated_at: ago(minutes - 15),
    author,
  });
  const day = 24 * 60;
  const reviewed = VISIT_DAYS.map((days) =>
    core.seed({ ...done(days * day, 'exported'), patient: person('Odile Marchand', 'Olive Marchmont', '1949-02-11'), reason: say('Suivi du diabète', 'Diabetes review') }, { note: true, signature: signed(days * day - 15) }),
  );
  core.seed({ ...done(day + 30, 'exported'), patient: person('Karim Benali', 'Karim Benali', '1987-07-30'), reason: say('Lombalgie', 'Low back pain') }, { note: true, signature: signed(day) });
  const interrupted = core.seed({ language, state: 'recording', created_at: ago(day + 5), consent: consent(day + 5), audio_ms: 754_000, patient: person('Jeanne Roussel', 'Jane Russell-Hart', '1971-12-05'), reason: say('Vertiges', 'Dizziness') });
  const exported = core.seed({ ...done(150, 'exported'), patient: person('Luc Pereira', 'Luke Perrin', '2019-05-21'), reason: say('Fièvre, éruption', 'Fever, rash') }, { note: true, signature: signed(135) });
  const validated = core.seed({ ...done(95, 'validated'), patient: person('Sylvie Kerbrat', 'Sylvia Kerr', '1963-09-17'), reason: say('Renouvellement', 'Repeat prescription') }, { note: true, signature: signed(80) });
  const untranscribed = core.seed({ language, state: 'stopped', created_at: ago(70), consent: consent(70), audio_ms: 512_000, patient: { name: null, identifier: '2026-1184', birth_date: null } });
  const drafted = core.seed({ language, state: 'drafted', created_at: ago(25), consent: consent(25), patient: person('Hélène Delorme', 'Peter Ashdown', '1968-03-04'), reason: say('Mal de gorge', 'Knee pain') }, { note: true, markers: [31_000] });
  const consented = core.seed({ language, state: 'consented', created_at: ago(4), consent: consent(3), patient: person('Nadia Ferrand', 'Nadia Farrant', '1994-10-02'), reason: say('Certificat de sport', 'Sports certificate') });
  const created = core.seed({ language, state: 'created', created_at: ago(2), patient: person('Paul Estève', 'Paul Stevens', null) });
  const followed = reviewed[reviewed.length - 1] ?? '';
  return { followed, interrupted, exported, validated, untranscribed, drafted, consented, created };
}

/** Shows the screens in a browser: `?mock`, with `lang`, `theme`, `record` (absent, locked, open), `model`, `lines`,
 *  `visits` (so many more), `visit` (where a transcript with its note is to be had), and `open` (a stage of the seeded day) to begin on that consultation. `still` stops the clock and the recording, for pictures;
 *  `do` is done to the screen: keys, and `#testid`s to click, between commas; `*3` for three times. */
export async function connectMock(parameters: URLSearchParams): Promise<MockCore> {
  const language = (parameters.get('lang') ?? 'fr') as Language;
  const isStill = parameters.has('still');
  if (isStill) stopClock();
  const core = new MockCore({
    record: (parameters.get('record') ?? 'open') as RecordStatus,
    language,
    theme: (parameters.get('theme') ?? 'system') as Theme,
    model: (parameters.get('model') ?? 'ready') as ModelState,
    isMoving: !isStill,
    lines: Number(parameters.get('lines') ?? 0),
  });
  const seeded = parameters.has('empty') ? {} : seedDay(core, language);
  for (let more = 0; more < Number(parameters.get('visits') ?? 0); more += 1) {
    const created_at = new Date(Date.now() - (2 + more) * 5 * 60 * MINUTE).toISOString();
    core.seed({ language, state: 'exported', created_at, patient: { name: `Patient ${more + 1}`, identifier: null, birth_date: null } });
  }
  connect(core);
  const { session } = await import('../../stores/session.svelte');
  const search = parameters.get('search');
  if (search !== null) {
    const { visits } = await import('../../stores/visits.svelte');
    visits.query = search;
  }
  const given = parameters.get('visit');
  if (given !== null) session.route = { name: 'consultation', id: await take(core, given) };
  const stage = parameters.get('open');
  if (stage === 'new') session.route = { name: stage };
  else if (stage === 'settings') session.route = { name: stage, section: parameters.get('section') ?? undefined };
  else if (stage === 'patient') {
    const file = (await core.call('patient_of', { id: seeded[parameters.get('of') ?? 'followed'] })) as PatientFile | null;
    if (file !== null) session.route = { name: 'patient', id: file.id };
  } else if (stage === 'help') session.isHelpOpen = true;
  else if (stage !== null && seeded[stage] !== undefined) session.route = { name: 'consultation', id: seeded[stage] };
  if (parameters.has('busy') && seeded.untranscribed !== undefined) void core.call('transcribe', { id: seeded.untranscribed });
  if (parameters.has('recording') && seeded.consented !== undefined) {
    void core.call('recording_start', { id: seeded.consented });
    if (isStill) void shown().then(() => core.advance(34_000, 21_000));
  }
  if (parameters.has('addendum') && seeded.validated !== undefined) {
    const id = seeded.validated;
    const say = (fr: string, en: string) => (language === 'fr' ? fr : en);
    await core.call('addendum_edit', { id, edit: { op: 'set_text', id: 'st-1', text: say('Mal de gorge depuis 4 jours', 'Right knee pain for 3 weeks') } });
    await core.call('addendum_edit', { id, edit: { op: 'add', section: 'suivi', text: say('Résultats à rappeler par téléphone', 'Results to be given by telephone') } });
    await core.call('addendum_sign', { id });
  }
  const todo = parameters.get('do');
  void shown()
    .then(() => perform(todo === null ? [] : todo.split(',')))
    .then(() => {
      document.documentElement.dataset.mock = 'done';
    });
  return core;
}

/** A transcript and the note that the core made of it, as a visit to check; what is asked of the core is then kept in sight. */
async function take(core: MockCore, from: string): Promise<string> {
  const { transcript, note } = (await (await fetch(from)).json()) as { transcript: Transcript; note: Note };
  const id = core.seed({ language: note.language, consent: { decision: 'informed', form: 'oral', at: new Date().toISOString() } });
  core.drafted(id, transcript, note);
  core.visit(id).consultation.audio_ms = transcript.duration_ms;
  Object.assign(globalThis, { calls: core.calls });
  return id;
}
