import { call } from './transport';
import type {
  ConsentDecision,
  ConsentForm,
  Consultation,
  ConsultationView,
  CopyFormat,
  Edit,
  InputDevice,
  NewConsultation,
  NoteView,
  Patient,
  Practice,
  Preferences,
  Status,
  Strength,
} from './types';

/** Every command of the core, typed, in one place. Each rejects with a `Refusal`. Times are milliseconds. */
export const core = {
  status: () => call<Status>('status'),
  preferencesSave: (preferences: Preferences) => call<Status>('preferences_save', { preferences }),
  passphraseStrength: (passphrase: string) => call<Strength>('passphrase_strength', { passphrase }),
  recordCreate: (passphrase: string, practice: Practice) =>
    call<string>('record_create', { passphrase, practice }),
  recordUnlock: (passphrase: string) => call<Status>('record_unlock', { passphrase }),
  recordRecover: (code: string, passphrase: string) => call<string>('record_recover', { code, passphrase }),
  recordLock: () => call<Status>('record_lock'),
  passphraseChange: (current: string, passphrase: string) =>
    call<null>('passphrase_change', { current, passphrase }),
  practice: () => call<Practice>('practice'),
  practiceSave: (practice: Practice) => call<Practice>('practice_save', { practice }),
  microphones: () => call<InputDevice[]>('microphones'),
  microphoneTest: (device: string | null) => call<null>('microphone_test', { device }),
  microphoneTestStop: () => call<null>('microphone_test_stop'),
  modelImport: (path: string) => call<Status>('model_import', { path }),
  modelPick: () => call<Status>('model_pick'),
  consultations: (query: string) => call<Consultation[]>('consultations', { query }),
  consultationCreate: (consultation: NewConsultation) =>
    call<ConsultationView>('consultation_create', { new: consultation }),
  consultationOpen: (id: string) => call<ConsultationView>('consultation_open', { id }),
  consultationUpdate: (id: string, patient: Patient | null, reason: string | null) =>
    call<ConsultationView>('consultation_update', { id, patient, reason }),
  consentRecord: (id: string, decision: ConsentDecision, form: ConsentForm) =>
    call<ConsultationView>('consent_record', { id, decision, form }),
  consultationErase: (id: string) => call<null>('consultation_erase', { id }),
  recordingStart: (id: string) => call<null>('recording_start', { id }),
  recordingPause: () => call<null>('recording_pause'),
  recordingResume: () => call<null>('recording_resume'),
  recordingStop: () => call<null>('recording_stop'),
  recordingEraseLast: (ms: number) => call<null>('recording_erase_last', { ms }),
  audioPick: (id: string) => call<boolean>('audio_pick', { id }),
  transcribe: (id: string) => call<null>('transcribe', { id }),
  jobCancel: (id: string) => call<null>('job_cancel', { id }),
  play: (id: string, startMs: number, endMs: number, speed: number) =>
    call<null>('play', { id, startMs, endMs, speed }),
  playStop: () => call<null>('play_stop'),
  noteEdit: (id: string, edit: Edit) => call<NoteView>('note_edit', { id, edit }),
  noteUndo: (id: string) => call<NoteView>('note_undo', { id }),
  noteRedo: (id: string) => call<NoteView>('note_redo', { id }),
  noteValidate: (id: string) => call<ConsultationView>('note_validate', { id }),
  exportPdf: (id: string) => call<string>('export_pdf', { id }),
  exportCopy: (id: string, format: CopyFormat) => call<null>('export_copy', { id, format }),
  folderOpen: (path: string) => call<null>('folder_open', { path }),
};
