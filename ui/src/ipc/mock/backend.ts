import type { Transport } from '../transport';
import type {
  Consultation,
  ConsultationView,
  Edit,
  Event,
  Failure,
  FailureCode,
  Language,
  NewConsultation,
  Note,
  Patient,
  Practice,
  Preferences,
  RecordStatus,
  Signature,
  Speaker,
  Status,
  Transcript,
  WhoSpoke,
} from '../types';
import { MockDesk } from './desk';
import { MockDraft } from './draft';
import { english } from './english';
import { french } from './french';
import { MockHistory } from './history';
import { MockKeeping } from './keeping';
import { MockModels } from './models';
import { MockPapers, pageOf } from './papers';
import { MockPatients } from './patients';
import { PASSPHRASE, PRACTICE, RECOVERY, strength, vocabulary } from './practice';
import type { Script } from './script';
import { lengthened, noteOf, transcriptOf } from './script';
import { MockSound } from './sound';

export interface MockOptions {
  record: RecordStatus;
  language: Language;
  theme: Preferences['theme'];
  /** Time passes by itself; in tests nothing moves but what they move. */
  isMoving: boolean;
  /** Lines of each consultation, where they shall be more than the invented ones. */
  lines?: number;
  model?: Status['model']['state'];
}

interface Visit {
  consultation: Consultation;
  transcript: Transcript;
  draft: MockDraft | null;
  signature: Signature | null;
  markers: number[];
  history?: MockHistory;
}

type Args = Record<string, unknown>;

/** The core's stand-in: every command and event, in memory. */
export class MockCore implements Transport {
  readonly visits = new Map<string, Visit>();
  #knowsVoice = false;
  readonly calls: { command: string; args: Args }[] = [];
  /** Refusals to give next, by command. */
  readonly refusals = new Map<string, Failure>();
  readonly busy = new Set<string>();
  #listeners = new Set<(event: Event) => void>();
  #practice: Practice | null = null;
  #vocabulary: string[] = [];
  #passphrase = PASSPHRASE;
  #status: Status;
  #sound: MockSound;
  #papers = new MockPapers();
  #desk: MockDesk;
  #patients: MockPatients;
  #keeping: MockKeeping;
  readonly models: MockModels;
  #ids = 0;

  constructor(readonly options: MockOptions) {
    this.#status = {
      record: options.record,
      model: { name: 'base', path: '/var/lib/calame/base-q8_0.bin', state: options.model ?? 'ready' },
      preferences: { language: options.language, theme: options.theme, microphone: null },
      recording: null,
      busy: [],
      version: '0.1.0',
    };
    if (options.record !== 'absent') {
      this.#practice = { ...structuredClone(PRACTICE), consultation_language: options.language };
    }
    this.#desk = new MockDesk(this);
    this.models = new MockModels(this, options.isMoving, () => this.status());
    this.#sound = new MockSound(this, options.isMoving);
    this.#keeping = new MockKeeping(() => this.#passphrase, this.refuse);
    const consultations = () => [...this.visits.values()].map((visit) => visit.consultation);
    this.#patients = new MockPatients(consultations, (id) => this.visits.delete(id), this.refuse);
  }

  call(command: string, args: Args): Promise<unknown> {
    this.calls.push({ command, args });
    const refusal = this.refusals.get(command);
    this.refusals.delete(command);
    // As over the real channel: only copies cross, and never in the same turn.
    return Promise.resolve().then(() => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what the real channel rejects with
      if (refusal !== undefined) throw refusal;
      const answer = this.#answer(command, args) ?? null;
      return answer instanceof Promise ? answer : structuredClone(answer);
    });
  }

  listen(on: (event: Event) => void): Promise<() => void> {
    this.#listeners.add(on);
    return Promise.resolve(() => this.#listeners.delete(on));
  }

  /** As the core does by itself when nobody was there for long enough. */
  lock(): void {
    this.#status.record = 'locked';
    this.emit({ type: 'locked' });
  }

  /** A model was brought in. */
  installed(): void {
    this.#status.model.state = 'ready';
  }

  emit(event: Event): void {
    // Behind the lock nothing that was said is told.
    if (this.#status.record !== 'open' && ['segment', 'tentative', 'note'].includes(event.type)) return;
    for (const listener of this.#listeners) listener(structuredClone(event));
  }

  refuse = (code: FailureCode, details: Failure['details'] = {}): never => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what the real channel rejects with
    throw { code, details };
  };

  status(): Status {
    return { ...this.#status, recording: this.#sound.recording, busy: [...this.busy] };
  }

  /** A recording that stands still goes on by so much, with a moment marked on the way. */
  advance(ms: number, markAt: number): void {
    this.#sound.advance(markAt);
    this.#sound.mark();
    this.#sound.advance(ms - markAt);
  }

  visit(id: string): Visit {
    return this.visits.get(id) ?? this.refuse('not_found', { id });
  }

  scriptOf(visit: Visit): Script {
    const script = visit.consultation.language === 'fr' ? french : english;
    return lengthened(script, this.options.lines ?? 0);
  }

  /** A consultation as the record would hold it. */
  seed(consultation: Partial<Consultation> & { language: Language }, has: { note?: boolean; signature?: Signature; markers?: number[] } = {}): string {
    const id = `mock-${(this.#ids += 1)}`;
    const script = lengthened(consultation.language === 'fr' ? french : english, this.options.lines ?? 0);
    const full: Consultation = {
      id,
      patient: null,
      reason: null,
      state: 'created',
      created_at: new Date().toISOString(),
      consent: null,
      audio_ms: 0,
      audio_erased_at: null,
      validated_at: null,
      author: null,
      exercise: false,
      ...consultation,
    };
    const empty: Transcript = { schema: 'calame.transcript/1', language: full.language, duration_ms: 0, segments: [] };
    const transcript = has.note === true ? transcriptOf(script) : empty;
    if (has.note === true && consultation.audio_ms === undefined) full.audio_ms = transcript.duration_ms;
    if (full.audio_erased_at !== null) full.audio_ms = 0;
    const draft = has.note === true ? new MockDraft(noteOf(script), script.titles, this.refuse) : null;
    this.visits.set(id, { consultation: full, transcript, draft, signature: has.signature ?? null, markers: has.markers ?? [] });
    return id;
  }

  /** The draft that transcription and structuring give. */
  drafted(id: string, transcript: Transcript, note: Note): void {
    const visit = this.visit(id);
    visit.transcript = transcript;
    visit.draft = new MockDraft(note, this.scriptOf(visit).titles, this.refuse);
    visit.consultation.state = 'drafted';
  }

  #answer(command: string, args: Args): unknown {
    const id = args.id as string;
    switch (command) {
      case 'status':
        return this.status();
      case 'preferences_save':
        this.#status.preferences = args.preferences as Preferences;
        return this.status();
      case 'passphrase_strength':
        return strength(args.passphrase as string);
      case 'record_create':
        if (this.#status.record !== 'absent') this.refuse('record_exists');
        this.#passphrase = args.passphrase as string;
        this.#practice = args.practice as Practice;
        this.#status.record = 'open';
        return RECOVERY;
      case 'record_unlock':
        if (args.passphrase !== this.#passphrase) this.refuse('wrong_passphrase');
        this.#status.record = 'open';
        return this.status();
      case 'record_recover':
        if (args.code !== RECOVERY) this.refuse('wrong_recovery_code');
        this.#passphrase = args.passphrase as string;
        this.#status.record = 'open';
        return RECOVERY.split('').reverse().join('');
      case 'record_lock':
        this.lock();
        return this.status();
      case 'passphrase_change':
        if (args.current !== this.#passphrase) this.refuse('wrong_passphrase');
        this.#passphrase = args.passphrase as string;
        return null;
      case 'practice':
        return this.#practice ?? this.refuse('record_locked');
      case 'practice_save':
        this.#practice = args.practice as Practice;
        return this.#practice;
      case 'vocabulary':
        return this.#vocabulary;
      case 'vocabulary_save':
        return (this.#vocabulary = vocabulary(args.words as string[], this.refuse));
      case 'microphones':
        return [
          { id: 'pulse:desk', name: 'Microphone de bureau USB', is_default: true },
          { id: 'pulse:built-in', name: 'Audio interne', is_default: false },
        ];
      case 'microphone_test':
        return this.#sound.test();
      case 'microphone_test_stop':
        return this.#sound.stopTest();
      case 'models':
      case 'model_use':
      case 'model_measure':
      case 'model_measure_cancel':
      case 'model_import':
      case 'model_pick':
        return this.models.answer(command, args);
      case 'consultations':
        return this.#list(args.query as string);
      case 'exercise':
      case 'exercise_start':
      case 'exercise_erase':
      case 'dictation_start':
      case 'dictation_finish':
      case 'dictation_cancel':
      case 'export_copy_section':
      case 'printers':
      case 'export_print':
      case 'acts':
      case 'audit_verify':
        return this.#desk.answer(command, args);
      case 'consultation_create': {
        const { patient, reason, language } = args.new as NewConsultation;
        return this.view(this.seed({ patient, reason, language }));
      }
      case 'consultation_open':
        return this.view(id);
      case 'consultation_update': {
        const { consultation } = this.visit(id);
        consultation.patient = args.patient as Patient | null;
        consultation.reason = args.reason as string | null;
        return this.view(id);
      }
      case 'consent_record':
        return this.#consent(id, args);
      case 'consultation_erase':
        this.visit(id);
        this.visits.delete(id);
        return null;
      case 'recording_start':
        if (this.visit(id).consultation.consent?.decision !== 'informed') this.refuse('consent_required');
        return this.#sound.start(id);
      case 'recording_pause':
        return this.#sound.pause(true);
      case 'recording_resume':
        return this.#sound.pause(false);
      case 'recording_stop':
        return this.#sound.stop();
      case 'recording_erase_last':
        return this.#sound.eraseLast(args.ms as number);
      case 'recording_mark':
        return this.#sound.mark();
      case 'app_close':
        return null;
      case 'audio_import':
      case 'audio_pick':
      case 'transcribe':
        this.#sound.transcribe(id);
        return true;
      case 'job_cancel':
        return this.#sound.cancel(id);
      case 'play':
        return this.#sound.play(id, args.startMs as number, args.endMs as number, args.speed as number);
      case 'play_stop':
        return this.#sound.stopPlaying();
      case 'note_edit':
        return this.draft(id).apply(args.edit as Edit);
      case 'speakers_correct':
        return this.#correct(id, args.correction as WhoSpoke);
      case 'voice_learn':
        if (this.visit(id).consultation.audio_ms === 0) this.refuse('audio_erased');
        this.#knowsVoice = true;
        return this.view(id);
      case 'voice_forget':
        this.#knowsVoice = false;
        return null;
      case 'note_undo':
        return this.draft(id).undo();
      case 'note_redo':
        return this.draft(id).redo();
      case 'note_validate':
        return this.#validate(id);
      case 'export_pdf':
        this.exported(id);
        return '/home/claire/Documents/Calame/consultation-2026-11-24-09h12.pdf';
      case 'export_copy':
        return this.exported(id);
      case 'export_preview':
        return [pageOf('Note', [])];
      case 'papers':
      case 'paper_draft':
      case 'paper_preview':
      case 'paper_sign':
      case 'paper_pdf':
      case 'paper_copy':
      case 'paper_print': {
        const { draft, signature } = this.visit(id);
        if (draft === null || signature === null) return this.refuse('not_validated');
        return this.#papers.answer(command, id, draft.note, signature, args, this.refuse);
      }
      case 'folder_open':
      case 'hand':
        return null;
      case 'note_versions':
        return this.#history(id).versions;
      case 'note_differences':
        return this.#history(id).differences(args.older as number, args.newer as number);
      case 'addendum':
        return this.#history(id).begin();
      case 'addendum_edit':
        return this.#history(id).edit(args.edit as Edit);
      case 'addendum_undo':
        return this.#history(id).undo();
      case 'addendum_redo':
        return this.#history(id).redo();
      case 'addendum_discard':
        this.#history(id).discard();
        return this.view(id);
      case 'addendum_sign':
        return this.#signAddendum(id);
      case 'folder_pick':
      case 'backup_state':
      case 'backup_plan_save':
      case 'backup_now':
      case 'backups_in':
      case 'restore_preview':
      case 'doctors':
      case 'doctor_share':
      case 'doctor_add':
      case 'doctor_remove':
        return this.#keeping.answer(command, args);
      case 'restore':
        if (args.secret !== this.#passphrase) this.refuse('wrong_passphrase');
        return { status: this.status(), replaced: '/home/claire/.local/share/calame/record.before-restore' };
      case 'patients':
      case 'patient_open':
      case 'patient_of':
      case 'patient_consultations':
      case 'patient_timeline':
      case 'patient_erase':
      case 'patient_access':
        return this.#patients.answer(command, args);
      default:
        return this.refuse('internal');
    }
  }

  #history(id: string): MockHistory {
    const visit = this.visit(id);
    if (visit.draft === null || visit.signature === null) return this.refuse('not_validated');
    visit.history ??= new MockHistory(visit.draft.note, visit.signature, this.scriptOf(visit).titles, this.refuse);
    return visit.history;
  }

  #signAddendum(id: string): ConsultationView {
    const visit = this.visit(id);
    const history = this.#history(id);
    const author = this.#practice?.letterhead.doctor ?? '';
    const signature = { author, at: new Date().toISOString(), sha256: 'c41d07aa92f3e6b5'.repeat(4) };
    history.sign(signature);
    visit.signature = signature;
    visit.draft = new MockDraft(structuredClone(history.note), this.scriptOf(visit).titles, this.refuse);
    return this.view(id);
  }

  #correct(id: string, correction: WhoSpoke): ConsultationView {
    const visit = this.visit(id);
    const { segments } = visit.transcript;
    const from = correction.op === 'swap' ? 0 : segments.findIndex((segment) => segment.index === correction.index);
    const was = correction.op === 'swap' ? 'doctor' : segments[from]?.speaker;
    const becomes = correction.op === 'swap' ? 'patient' : correction.speaker;
    if (was === undefined) return this.refuse('not_found');
    const other = (speaker: Speaker) => (speaker === was ? becomes : speaker === becomes ? was : speaker);
    visit.transcript.segments = segments.map((segment, at) => {
      const isMeant = correction.op === 'segment' ? at === from : at >= from;
      return isMeant ? { ...segment, speaker: other(segment.speaker) } : segment;
    });
    visit.transcript = { ...visit.transcript };
    return this.view(id);
  }

  #list(query: string): Consultation[] {
    const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    const all = [...this.visits.values()].filter((visit) => !visit.consultation.exercise).sort((a, b) =>
      b.consultation.created_at.localeCompare(a.consultation.created_at),
    );
    return all
      .filter(({ consultation, transcript }) => {
        const { patient, reason } = consultation;
        const spoken = transcript.segments.map((segment) => segment.text);
        return plain([patient?.name, patient?.identifier, reason, ...spoken].join(' ')).includes(plain(query));
      })
      .map(({ consultation }) => consultation);
  }

  view(id: string): ConsultationView {
    const { consultation, transcript, draft, signature, markers } = this.visit(id);
    const isBusy = this.busy.has(id) || this.#sound.recording === id;
    const note = isBusy || draft === null ? null : draft.view;
    if (note !== null && signature !== null) Object.assign(note, { pending: [], can_undo: false, can_redo: false });
    const playable = consultation.audio_ms > 0;
    return { consultation, transcript, note, signature, playable, markers, audio_fate: null, knows_voice: this.#knowsVoice, has_addendum_draft: this.visit(id).history?.hasDraft ?? false };
  }

  #consent(id: string, args: Args): ConsultationView {
    const visit = this.visit(id);
    const decision = args.decision as 'informed' | 'refused' | 'withdrawn';
    if (visit.signature !== null) this.refuse('already_validated');
    visit.consultation.consent = { decision, form: args.form as 'oral' | 'written', at: new Date().toISOString() };
    if (decision === 'informed') visit.consultation.state = 'consented';
    if (decision === 'withdrawn') {
      this.#sound.discard(id);
      visit.transcript = { ...visit.transcript, segments: [], duration_ms: 0 };
      visit.draft = null;
      visit.markers = [];
      visit.consultation.state = 'created';
      visit.consultation.audio_ms = 0;
      visit.consultation.audio_erased_at = new Date().toISOString();
    }
    return this.view(id);
  }

  draft(id: string): MockDraft {
    const visit = this.visit(id);
    if (visit.signature !== null) this.refuse('already_validated');
    const { titles, language } = this.scriptOf(visit);
    visit.draft ??= new MockDraft(
      { schema: 'calame.note/1', language, sections: [], omissions: [] },
      titles,
      this.refuse,
    );
    return visit.draft;
  }

  #validate(id: string): ConsultationView {
    const visit = this.visit(id);
    const draft = this.draft(id);
    const author = this.#practice?.letterhead.doctor ?? '';
    if (author === '') this.refuse('no_author');
    if (draft.note.sections.length === 0) this.refuse('empty_note');
    const left = draft.view.pending.length;
    if (left > 0) this.refuse('unchecked_critical', { count: String(left) });
    const at = new Date().toISOString();
    visit.signature = { author, at, sha256: '9f2c4be1a07d53e8c6b1f40a7d92e35581c0aa6e4f7b2d90318c5e64fa2b7d1c' };
    Object.assign(visit.consultation, { state: 'validated', validated_at: at, author });
    if (this.#practice?.retention === 'at_validation') {
      Object.assign(visit.consultation, { audio_ms: 0, audio_erased_at: at });
    }
    return this.view(id);
  }

  exported(id: string): null {
    const visit = this.visit(id);
    if (visit.signature === null) this.refuse('not_validated');
    visit.consultation.state = 'exported';
    return null;
  }
}
