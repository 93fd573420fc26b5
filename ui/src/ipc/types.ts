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
colleague?: string, 
/**
 * An invented visit, to practise on.
 */
exercise: boolean, };
export type AudioFate = { "fate": "erase" } | { "fate": "erase_at", at: string, } | { "fate": "keep", reason: string, };
export type Backup = { path: string, 
/**
 * To the second.
 */
made_at: string, bytes: number, };
export type Holdings = { 
/**
 * Version of the database's schema, from 1.
 */
schema: number, patients: number, consultations: number, 
/**
 * Of these, how many have a signed note.
 */
validated: number, audio_ms: number, 
/**
 * When the first and the newest consultation were opened.
 */
first_at: string | null, last_at: string | null, };
export type RestorePreview = { backup: Holdings, 
/**
 * What stands there now; absent when there is nothing, or nothing that this passphrase can read.
 */
present: Holdings | null, 
/**
 * There is a record at the place, readable or not: it will be kept aside.
 */
replaces: boolean, 
/**
 * Both are states of one record.
 */
same_record: boolean, 
/**
 * Consultations of the present record that the backup does not hold.
 */
lost: number, 
/**
 * Consultations that were worked on since: the backup holds an earlier state of them.
 */
older: number, 
/**
 * Consultations erased since, in whole or in part: they are erased from what comes back.
 */
erased_since: number, };
export type Doctor = { id: string, 
/**
 * As notes are signed; empty until the owner gives it.
 */
name: string, owner: boolean, 
/**
 * Reads the signed notes of the others who share, and lets them read these.
 */
shares: boolean, 
/**
 * No longer opens the record. Signed notes stay.
 */
left: boolean, 
/**
 * Whose session this is.
 */
me: boolean, };
export type PatientFile = { id: string, patient: Patient, consultations: number, 
/**
 * Of colleagues, and not shared: held, but not to be read here.
 */
elsewhere: number, first_at: string, last_at: string, };
export type Track = "vital" | "lab" | "treatment" | "allergy" | "condition";
export type Fact = { track: Track, 
/**
 * What is the same over time: the concept, else the text without its number, in lower case.
 */
series: string, 
/**
 * When the consultation was opened.
 */
at: string, consultation: string, statement: string, 
/**
 * As the note says it.
 */
text: string, 
/**
 * Its numbers in `unit`, in the order in which they are said: 142 and 85 of a blood pressure. Empty where none can
 * be read.
 */
values: Array<number>, unit: string | null, 
/**
 * Absent: the note says that the patient does not have it, or that it was stopped.
 */
polarity: Polarity, temporality: Temporality, };
export type VersionKind = "draft" | "validated" | "addendum";
export type NoteVersion = { 
/**
 * From 1.
 */
version: number, kind: VersionKind, at: string, 
/**
 * Of signed versions.
 */
author: string | null, sha256: string | null, };
export type Difference = { "change": "added", section: SectionId, statement: Statement, } | { "change": "removed", section: SectionId, statement: Statement, } | { "change": "changed", from: SectionId, to: SectionId, before: Statement, after: Statement, } | { "change": "moved", from: SectionId, to: SectionId, statement: Statement, };
export type AuditReport = { rows: number, intact: boolean, 
/**
 * Number of the first row that was changed, moved or taken away.
 */
first_broken: number | null, };
export type AuditRow = { 
/**
 * From 1, without gaps.
 */
seq: number, at: string, act: string, 
/**
 * Id of the consultation the act concerns.
 */
subject: string | null, detail: string, 
/**
 * SHA-256, hexadecimal, of the row before and this one.
 */
hash: string, };
export type Acts = { doctor: string, rows: Array<AuditRow>, };
export type Printers = { 
/**
 * The one the system prints on unless told otherwise.
 */
usual: string | null, names: Array<string>, };
export type DictationPhase = "starting" | "listening" | "transcribing" | "failed";
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
export type Speed = { 
/**
 * Time to compute what stays in the transcript, by the time it took to say: 0.1 is a tenth.
 */
real_time_factor: number, 
/**
 * How long it takes to show the words of the moment.
 */
glance_ms: number, 
/**
 * Whether the transcript of a recording can be made while people speak.
 */
keeps_up: boolean, 
/**
 * Other programs used the processor meanwhile: the model is faster than this.
 */
disturbed: boolean, };
export type ModelFile = { name: string, file: string, bytes: number, installed: boolean, 
/**
 * Recordings are recognised with it.
 */
used: boolean, 
/**
 * Where it was measured on this machine.
 */
speed?: Speed, 
/**
 * Why it cannot be used, where that was checked.
 */
problem?: string, };
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
 * Size of everything in the window, in percent; 100 when absent.
 */
text_percent?: number, 
/**
 * Keys that the doctor chose, by the name of what they do; the others are as they come.
 */
shortcuts?: { [key in string]: Array<string> }, };
export type Status = { record: RecordStatus, model: ModelStatus, preferences: Preferences, 
/**
 * The consultation which is being recorded.
 */
recording: string | null, 
/**
 * Consultations with long work under way.
 */
busy: Array<string>, version: string, };
export type ModelImport = { status: Status, file: string, 
/**
 * Of the file it came from, and of the one that is kept.
 */
bytes_before: number, bytes: number, 
/**
 * It was made smaller on the way.
 */
quantised: boolean, };
export type Strength = { score: number, acceptable: boolean, };
export type Search = { 
/**
 * In the patient, the reason, the transcript or the note.
 */
text: string, 
/**
 * In name, number or birth date.
 */
patient: string, 
/**
 * In the treatments and prescriptions of the note.
 */
drug: string, 
/**
 * In the conditions and conclusions of the note.
 */
diagnosis: string, 
/**
 * First day.
 */
from: string | null, 
/**
 * Last day, included.
 */
to: string | null, };
export type BackupPlan = { 
/**
 * A folder, best on another disk or a stick. Without one, copies are made only when asked.
 */
folder: string | null, 
/**
 * Days from one copy to the next; at least 1.
 */
every_days: number, 
/**
 * How many copies stay in the folder; at least 1.
 */
keep: number, };
export type BackupState = { plan: BackupPlan, 
/**
 * The plan's folder is there: the stick is plugged in.
 */
reachable: boolean, 
/**
 * The newest copy made by this record, wherever it lies.
 */
last: Backup | null, 
/**
 * No copy was made in the time of the plan, or none ever.
 */
overdue: boolean, 
/**
 * What lies in the plan's folder, newest first.
 */
copies: Array<Backup>, };
export type Restored = { status: Status, 
/**
 * Where the record that stood there before is kept, whole.
 */
replaced: string | null, };
export type Retention = "at_validation" | "after_days" | "keep";
export type Phrase = { 
/**
 * Letters and digits, without spaces.
 */
key: string, text: string, };
export type TemplateSection = { id: SectionId, 
/**
 * What not to forget there; may be empty.
 */
hint: string, };
export type NoteTemplate = { name: string, sections: Array<TemplateSection>, };
export type Practice = { letterhead: Letterhead, consultation_language: Language, retention: Retention, 
/**
 * Days from validation to the erasure of audio, where retention asks for them.
 */
retention_days: number, 
/**
 * Why audio is kept, where retention keeps it.
 */
keep_reason: string, 
/**
 * Minutes without a hand before the screen locks, over a recording too; 0: only after the machine slept.
 */
auto_lock_minutes: number, export_folder: string | null, 
/**
 * What the doctor types in short, by its key.
 */
phrases: Array<Phrase>, 
/**
 * What a note should hold, by kind of visit; the first is the usual one.
 */
templates: Array<NoteTemplate>, 
/**
 * Name of the template last chosen for a reason of visit, as the reason was typed.
 */
template_of: { [key in string]: string }, };
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
markers: Array<number>, 
/**
 * What was decided of the audio of a signed note; absent where there is none.
 */
audio_fate: AudioFate | null, 
/**
 * An addendum was begun and not signed yet.
 */
has_addendum_draft: boolean, 
/**
 * The voice of the doctor whose session this is was learnt.
 */
knows_voice: boolean, };
export type Edit = { "op": "set_text", id: string, text: string, } | { "op": "delete", id: string, } | { "op": "move", id: string, section: SectionId, 
/**
 * At the end when absent.
 */
position: number | null, } | { "op": "add", section: SectionId, text: string, } | { "op": "split", id: string, first: string, second: string, } | { "op": "merge", id: string, into: string, } | { "op": "check", id: string, checked: boolean, } | { "op": "accept_omission", segment: number, quote: string, section: SectionId, } | { "op": "dismiss_omission", segment: number, quote: string, };
export type WhoSpoke = { "op": "swap" } | { "op": "segment", index: number, speaker: Speaker, } | { "op": "from", index: number, speaker: Speaker, };
export type CopyFormat = "plain" | "rich";
export type FailureCode = "wrong_passphrase" | "too_many_attempts" | "weak_passphrase" | "wrong_recovery_code" | "record_missing" | "record_exists" | "record_corrupt" | "record_newer" | "record_busy" | "record_locked" | "disk_full" | "read_only" | "not_found" | "not_owner" | "not_yours" | "passphrase_taken" | "backup_folder" | "backup_damaged" | "reason_needed" | "consent_required" | "not_validated" | "already_validated" | "unchecked_critical" | "empty_note" | "no_author" | "wrong_state" | "no_microphone" | "microphone_lost" | "microphone_busy" | "microphone_silent" | "no_output" | "audio_erased" | "audio_gap" | "audio_empty" | "audio_truncated" | "audio_unsupported" | "audio_unreadable" | "model_missing" | "model_corrupt" | "model_language" | "speech_failed" | "recording_in_progress" | "nothing_recording" | "nothing_heard" | "cancelled" | "export_failed" | "export_folder" | "no_print_system" | "no_printer" | "print_failed" | "short_word" | "invalid_input" | "internal";
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
behind_ms: number, } | { "type": "marker", id: string, at_ms: number, } | { "type": "segment", id: string, segment: Segment, } | { "type": "tentative", id: string, 
/**
 * Heard alike twice: they stay as they are until their segment comes.
 */
firm: string, 
/**
 * What follows them and may still change.
 */
text: string, } | { "type": "note", id: string, note: Note, } | { "type": "progress", id: string, stage: Stage, 
/**
 * 0 to 1 where it is known.
 */
fraction: number | null, remaining_ms: number | null, } | { "type": "ready", id: string, } | { "type": "problem", id: string | null, failure: Failure, } | { "type": "playback", id: string, position_ms: number, playing: boolean, } | { "type": "dictation", id: string, phase: DictationPhase, text: string, tentative: string, } | { "type": "measuring", file: string, 
/**
 * Share that is done, roughly; 0 while it is loaded.
 */
fraction: number, } | { "type": "locked" } | { "type": "backed_up", backup: Backup, } | { "type": "close_asked" };
