// Generated from the Rust types. To renew: UPDATE_BINDINGS=1 cargo test -p calame-consultation --test bindings

export type Language = "fr" | "en";
export type Speaker = "doctor" | "patient" | "companion" | "unknown";
export type Word = { text: string, start_ms: number, end_ms: number, 
/**
 * 0 to 1.
 */
probability: number, };
export type Segment = { index: number, speaker: Speaker, start_ms: number, end_ms: number, text: string, 
/**
 * Empty for a typed or imported transcript.
 */
words?: Array<Word>, 
/**
 * The guards of the recogniser doubt this passage (loop, text on silence, other language).
 */
suspect?: boolean, };
export type Transcript = { schema: string, language: Language, 
/**
 * Name of the speech model; absent for a typed or imported transcript.
 */
model?: string, duration_ms: number, segments: Array<Segment>, };
export type Kind = "symptom" | "condition" | "drug" | "allergy" | "vital" | "lab" | "finding" | "procedure" | "lifestyle" | "instruction" | "referral" | "test_order" | "leave" | "followup" | "vaccine" | "other";
export type Polarity = "present" | "absent" | "uncertain";
export type Experiencer = "patient" | "family";
export type Temporality = "current" | "past" | "planned";
export type Flag = "critical" | "low_confidence_words" | "implausible_value" | "uncertain_drug_name" | "unsure_speaker" | "suspect_audio";
export type Author = "doctor";
export type Source = { segment: number, quote: string, };
export type Code = { system: string, code: string, display: string, };
export type Statement = { 
/**
 * Stable while the consultation lives: edits and moves keep it.
 */
id: string, kind: Kind, 
/**
 * What the note says, in the consultation's language.
 */
text: string, concept?: string, polarity: Polarity, experiencer: Experiencer, temporality: Temporality, attributes: { [key in string]: string }, 
/**
 * Empty only when `author` is the doctor.
 */
sources: Array<Source>, 
/**
 * 0 to 1, from word probabilities and rule certainty.
 */
confidence: number, flags: Array<Flag>, author?: Author, 
/**
 * Attached by the doctor from a look-up, never proposed.
 */
codes?: Array<Code>, 
/**
 * Other readings of an uncertain drug name: shown, never applied by themselves.
 */
suggestions?: Array<string>, };
export type SectionId = "motif" | "antecedents" | "allergies" | "traitements" | "mode_de_vie" | "histoire" | "examen" | "conclusion" | "ordonnance" | "conduite" | "suivi";
export type Section = { id: SectionId, title: string, statements: Array<Statement>, };
export type Omission = { segment: number, quote: string, concept?: string, };
export type Note = { schema: string, language: Language, sections: Array<Section>, 
/**
 * Clinical mentions of the transcript that no statement covers.
 */
omissions: Array<Omission>, };
export type PaperKind = "referral" | "prescription" | "certificate" | "summary";
export type PaperLine = { text: string, 
/**
 * The statement of the note it was taken from; none when the doctor wrote it.
 */
statement?: string, };
export type PaperSection = { 
/**
 * Empty where the lines need no heading.
 */
title: string, lines: Array<PaperLine>, };
export type Paper = { schema: string, kind: PaperKind, language: Language, title: string, 
/**
 * Lines of the addressee; empty for papers that the patient keeps.
 */
recipient: Array<string>, 
/**
 * Paragraphs before the sections.
 */
opening: Array<string>, sections: Array<PaperSection>, 
/**
 * Paragraphs after the sections.
 */
closing: Array<string>, };
export type InputDevice = { 
/**
 * Stable name for [`crate::Capture::start`]; survives restarts where the system allows it.
 */
id: string, 
/**
 * Name for people.
 */
name: string, is_default: boolean, };
export type State = "created" | "consented" | "recording" | "paused" | "stopped" | "drafted" | "validated" | "exported";
export type Patient = { 
/**
 * The practice's own number for the patient.
 */
identifier: string | null, name: string | null, birth_date: string | null, };
export type ConsentDecision = "informed" | "refused" | "withdrawn";
export type ConsentForm = "oral" | "written";
export type Consent = { decision: ConsentDecision, form: ConsentForm, at: string, };
export type NewConsultation = { patient: Patient | null, reason: string | null, language: Language, };
export type Consultation = { id: string, patient: Patient | null, reason: string | null, language: Language, state: State, created_at: string, 
/**
 * The newest decision.
 */
consent: Consent | null, 
/**
 * Audio the record holds, in milliseconds: 0 before recording and after erasure.
 */
audio_ms: number, audio_erased_at: string | null, validated_at: string | null, 
/**
 * The doctor who validated.
 */
author: string | null, 
/**
 * The colleague whose consultation this is; absent on one's own.
 */
colleague?: string, };
export type Letterhead = { 
/**
 * With the title, as it is signed: "Dr Claire Martin".
 */
doctor: string, specialty: string, 
/**
 * National number of the practitioner.
 */
rpps: string, address: Array<string>, phone: string, email: string, };
export type RecordStatus = "absent" | "locked" | "open";
export type ModelState = "missing" | "corrupt" | "ready";
export type ModelStatus = { name: string, path: string, state: ModelState, };
export type Theme = "system" | "light" | "dark" | "contrast";
export type Preferences = { language: Language, theme: Theme, 
/**
 * Id of an input device; the system's default when absent or unplugged.
 */
microphone: string | null, 
/**
 * File name of an imported speech model; the one that comes with the set-up when absent.
 */
model?: string, 
/**
 * Minutes without a hand on the machine before the screen locks; five when absent.
 */
lock_after_min?: number, };
export type Status = { record: RecordStatus, model: ModelStatus, preferences: Preferences, 
/**
 * The consultation which is being recorded.
 */
recording: string | null, 
/**
 * Consultations with long work under way.
 */
busy: Array<string>, version: string, };
export type Strength = { score: number, acceptable: boolean, };
export type Retention = "at_validation" | "keep";
export type Phrase = { 
/**
 * Letters and digits, without spaces.
 */
key: string, text: string, };
export type Practice = { letterhead: Letterhead, consultation_language: Language, retention: Retention, auto_lock_minutes: number, export_folder: string | null, 
/**
 * What the doctor types in short, by its key.
 */
phrases: Array<Phrase>, };
export type Signature = { author: string, 
/**
 * RFC 3339, UTC.
 */
at: string, sha256: string, };
export type SignedPaper = { paper: Paper, signature: Signature, };
export type NoteView = { note: Note, 
/**
 * Ids of statements the doctor looked at.
 */
checked: Array<string>, 
/**
 * Critical statements not looked at yet: validation waits for them.
 */
pending: Array<string>, can_undo: boolean, can_redo: boolean, 
/**
 * Counts the saved drafts of this consultation.
 */
version: number, };
export type ConsultationView = { consultation: Consultation, transcript: Transcript, note: NoteView | null, signature: Signature | null, 
/**
 * There is audio to hear.
 */
playable: boolean, 
/**
 * Moments the doctor marked while recording, in milliseconds, in order.
 */
markers: Array<number>, };
export type Edit = { "op": "set_text", id: string, text: string, } | { "op": "delete", id: string, } | { "op": "move", id: string, section: SectionId, 
/**
 * At the end when absent.
 */
position: number | null, } | { "op": "add", section: SectionId, text: string, } | { "op": "split", id: string, first: string, second: string, } | { "op": "merge", id: string, into: string, } | { "op": "check", id: string, checked: boolean, } | { "op": "accept_omission", segment: number, quote: string, section: SectionId, } | { "op": "dismiss_omission", segment: number, quote: string, };
export type CopyFormat = "plain" | "rich";
export type FailureCode = "wrong_passphrase" | "too_many_attempts" | "weak_passphrase" | "wrong_recovery_code" | "record_missing" | "record_exists" | "record_corrupt" | "record_newer" | "record_busy" | "record_locked" | "disk_full" | "read_only" | "not_found" | "consent_required" | "not_validated" | "already_validated" | "unchecked_critical" | "empty_note" | "no_author" | "wrong_state" | "no_microphone" | "microphone_lost" | "microphone_busy" | "microphone_silent" | "no_output" | "audio_erased" | "audio_gap" | "audio_empty" | "audio_truncated" | "audio_unsupported" | "audio_unreadable" | "model_missing" | "model_corrupt" | "model_language" | "speech_failed" | "recording_in_progress" | "nothing_recording" | "cancelled" | "export_failed" | "export_folder" | "invalid_input" | "internal";
export type Failure = { code: FailureCode, details: { [key in string]: string }, };
export type RecordingPhase = "starting" | "recording" | "paused" | "stopping" | "stopped";
export type Stage = "loading_model" | "reading" | "transcribing" | "structuring";
export type Event = { "type": "level", peak: number, rms: number, } | { "type": "recording", id: string, phase: RecordingPhase, elapsed_ms: number, 
/**
 * Audio up to here is on disk, encrypted.
 */
saved_ms: number, 
/**
 * How far the recogniser lags behind speech.
 */
behind_ms: number, } | { "type": "marker", id: string, at_ms: number, } | { "type": "segment", id: string, segment: Segment, } | { "type": "tentative", id: string, text: string, } | { "type": "note", id: string, note: Note, } | { "type": "progress", id: string, stage: Stage, 
/**
 * 0 to 1 where it is known.
 */
fraction: number | null, remaining_ms: number | null, } | { "type": "ready", id: string, } | { "type": "problem", id: string | null, failure: Failure, } | { "type": "playback", id: string, position_ms: number, playing: boolean, } | { "type": "locked" } | { "type": "close_asked" };
