// Generated from the Rust types by `cargo test -p calame-consultation`. Do not edit by hand.

export type Language = "fr" | "en";
export type Speaker = "doctor" | "patient" | "companion" | "unknown";
export type Word = { text: string, start_ms: number, end_ms: number, probability: number };
export type Segment = { index: number, speaker: Speaker, start_ms: number, end_ms: number, text: string, words?: Array<Word>, suspect?: boolean };
export type Transcript = { schema: string, language: Language, model?: string, duration_ms: number, segments: Array<Segment> };
export type Kind = "symptom" | "condition" | "drug" | "allergy" | "vital" | "lab" | "finding" | "procedure" | "lifestyle" | "instruction" | "referral" | "test_order" | "leave" | "followup" | "vaccine" | "other";
export type Polarity = "present" | "absent" | "uncertain";
export type Experiencer = "patient" | "family";
export type Temporality = "current" | "past" | "planned";
export type Flag = "critical" | "low_confidence_words" | "implausible_value" | "uncertain_drug_name" | "unsure_speaker" | "suspect_audio";
export type Author = "doctor";
export type Source = { segment: number, quote: string };
export type Code = { system: string, code: string, display: string };
export type Statement = { id: string, kind: Kind, text: string, concept?: string, polarity: Polarity, experiencer: Experiencer, temporality: Temporality, attributes: { [key in string]: string }, sources: Array<Source>, confidence: number, flags: Array<Flag>, author?: Author, codes?: Array<Code>, suggestions?: Array<string> };
export type SectionId = "motif" | "antecedents" | "allergies" | "traitements" | "mode_de_vie" | "histoire" | "examen" | "conclusion" | "ordonnance" | "conduite" | "suivi";
export type Section = { id: SectionId, title: string, statements: Array<Statement> };
export type Omission = { segment: number, quote: string, concept?: string };
export type Note = { schema: string, language: Language, sections: Array<Section>, omissions: Array<Omission> };

export type InputDevice = { id: string, name: string, is_default: boolean };
export type State = "created" | "consented" | "recording" | "paused" | "stopped" | "drafted" | "validated" | "exported";
export type Patient = { identifier: string | null, name: string | null, birth_date: string | null };
export type ConsentDecision = "informed" | "refused" | "withdrawn";
export type ConsentForm = "oral" | "written";
export type Consent = { decision: ConsentDecision, form: ConsentForm, at: string };
export type NewConsultation = { patient: Patient | null, reason: string | null, language: Language };
export type Consultation = { id: string, patient: Patient | null, reason: string | null, language: Language, state: State, created_at: string, consent: Consent | null, audio_ms: number, audio_erased_at: string | null, validated_at: string | null, author: string | null };
export type Letterhead = { doctor: string, specialty: string, rpps: string, address: Array<string>, phone: string, email: string };

/** absent: first run. */
export type RecordStatus = "absent" | "locked" | "open";
export type ModelState = "missing" | "corrupt" | "ready";
export type ModelStatus = { name: string, path: string, state: ModelState };
export type Theme = "system" | "light" | "dark";
/** Known before the record is unlocked: nothing about patients. */
export type Preferences = { language: Language, theme: Theme, microphone: string | null };
export type Status = { record: RecordStatus, model: ModelStatus, preferences: Preferences, recording: string | null, busy: Array<string>, version: string };
export type Strength = { score: number, acceptable: boolean };
export type Retention = "at_validation" | "keep";
/** Held in the encrypted record. */
export type Practice = { letterhead: Letterhead, consultation_language: Language, retention: Retention, auto_lock_minutes: number, export_folder: string | null };
export type Signature = { author: string, at: string, sha256: string };
/** `pending`: critical statements not looked at yet. `checked`: ids looked at. */
export type NoteView = { note: Note, checked: Array<string>, pending: Array<string>, can_undo: boolean, can_redo: boolean, version: number };
export type ConsultationView = { consultation: Consultation, transcript: Transcript, note: NoteView | null, signature: Signature | null, playable: boolean };
export type Edit =
  | { op: "set_text", id: string, text: string }
  | { op: "delete", id: string }
  | { op: "move", id: string, section: SectionId, position: number | null }
  | { op: "add", section: SectionId, text: string }
  | { op: "check", id: string, checked: boolean }
  | { op: "accept_omission", segment: number, quote: string, section: SectionId }
  | { op: "dismiss_omission", segment: number, quote: string };
export type CopyFormat = "plain" | "rich";
export type FailureCode =
  | "wrong_passphrase" | "weak_passphrase" | "wrong_recovery_code" | "record_missing" | "record_exists" | "record_corrupt" | "record_newer" | "record_busy" | "record_locked"
  | "disk_full" | "read_only" | "not_found" | "consent_required" | "not_validated" | "already_validated" | "unchecked_critical" | "empty_note" | "no_author" | "wrong_state"
  | "no_microphone" | "microphone_lost" | "microphone_busy" | "microphone_silent" | "no_output" | "audio_erased"
  | "audio_empty" | "audio_truncated" | "audio_unsupported" | "audio_unreadable"
  | "model_missing" | "model_corrupt" | "model_language" | "speech_failed" | "recording_in_progress" | "nothing_recording" | "cancelled"
  | "export_failed" | "export_folder" | "invalid_input" | "internal";
/** The screens own the wording: `failure.<code>.message` and `failure.<code>.next`, with `details` to fill in. */
export type Failure = { code: FailureCode, details: { [key in string]: string } };
export type RecordingPhase = "starting" | "recording" | "paused" | "stopping" | "stopped";
export type Stage = "loading_model" | "reading" | "transcribing" | "structuring";
export type Event =
  | { type: "level", peak: number, rms: number }
  | { type: "recording", id: string, phase: RecordingPhase, elapsed_ms: number, saved_ms: number, behind_ms: number }
  | { type: "segment", id: string, segment: Segment }
  | { type: "tentative", id: string, text: string }
  | { type: "note", id: string, note: Note }
  | { type: "progress", id: string, stage: Stage, fraction: number | null, remaining_ms: number | null }
  | { type: "ready", id: string }
  | { type: "problem", id: string | null, failure: Failure }
  | { type: "playback", id: string, position_ms: number, playing: boolean }
  | { type: "locked" };
