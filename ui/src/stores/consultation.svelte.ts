import { core } from '../ipc/client';
import type {
  ConsentDecision,
  ConsentForm,
  ConsultationView,
  Event,
  NoteView,
  Patient,
  Segment,
} from '../ipc/types';
import { attempt } from './alerts.svelte';
import { playback } from './playback.svelte';
import { recording } from './recording.svelte';
import { session } from './session.svelte';
import type { Stage } from './stage';
import { stageOf } from './stage';

export type Progress = Extract<Event, { type: 'progress' }>;

/** The consultation which is open. */
class ConsultationStore {
  view = $state.raw<ConsultationView | null>(null);
  progress = $state.raw<Progress | null>(null);
  /** Long work of this consultation, told by events. */
  isBusy = $state(false);
  /** The note is written by hand although nothing was recorded. */
  isByHand = $state(false);

  readonly stage: Stage | null = $derived.by(() => {
    if (this.view === null) return null;
    const { consultation } = this.view;
    const isRecording = recording.isLive && recording.id === consultation.id;
    const stage = stageOf(consultation, {
      recording: isRecording ? consultation.id : null,
      busy: this.isBusy ? [consultation.id] : [],
    });
    const hasNote = this.view.note !== null && this.view.note.note.sections.length > 0;
    const mayBeWritten = stage === 'refused' || stage === 'untranscribed';
    return mayBeWritten && (this.isByHand || hasNote) ? 'review' : stage;
  });

  readonly segments: Map<number, Segment> = $derived(
    new Map((this.view?.transcript.segments ?? []).map((segment) => [segment.index, segment])),
  );

  get id(): string | null {
    return this.view?.consultation.id ?? null;
  }

  async open(id: string): Promise<void> {
    if (this.id !== id) this.forget();
    await session.refresh();
    this.isBusy = session.status?.busy.includes(id) === true && recording.id !== id;
    const view = await attempt(core.consultationOpen(id));
    if (view === undefined) {
      session.go({ name: 'day' });
      return;
    }
    this.view = view;
    const isRecorded = session.status?.recording === id;
    if (isRecorded && recording.id !== id) recording.begin(id, view.transcript.segments, null, view.markers);
    else if (isRecorded && !recording.isWhole) recording.complete(view.transcript.segments, view.markers);
  }

  async reload(): Promise<void> {
    if (this.id === null) return;
    const view = await attempt(core.consultationOpen(this.id));
    if (view !== undefined && view.consultation.id === this.id) this.view = view;
  }

  take(view: ConsultationView | undefined): void {
    if (view !== undefined) this.view = view;
  }

  takeNote(note: NoteView): void {
    if (this.view !== null) this.view = { ...this.view, note };
  }

  async consent(decision: ConsentDecision, form: ConsentForm): Promise<void> {
    if (this.id === null) return;
    if (decision === 'withdrawn') playback.reset();
    this.take(await attempt(core.consentRecord(this.id, decision, form)));
    if (decision !== 'refused') this.isByHand = false;
    await session.refresh();
  }

  async identify(patient: Patient | null, reason: string | null): Promise<boolean> {
    if (this.id === null) return false;
    const view = await attempt(core.consultationUpdate(this.id, patient, reason));
    this.take(view);
    return view !== undefined;
  }

  async erase(why: string | null = null): Promise<boolean> {
    if (this.id === null) return false;
    playback.reset();
    return (await attempt(core.consultationErase(this.id, why))) !== undefined;
  }

  async transcribe(): Promise<void> {
    if (this.id === null) return;
    this.progress = null;
    if ((await attempt(core.transcribe(this.id))) !== undefined) await this.#settled();
  }

  async importAudio(): Promise<void> {
    if (this.id === null) return;
    this.progress = null;
    if ((await attempt(core.audioPick(this.id))) === true) await this.#settled();
  }

  async startRecording(): Promise<void> {
    if (this.id === null) return;
    const { id } = this;
    recording.begin(id);
    if ((await attempt(core.recordingStart(id))) === undefined && recording.phase === 'starting') recording.end();
  }

  /** What the core tells, of whichever consultation. */
  async on(event: Event): Promise<void> {
    if (event.type === 'progress' && event.id === this.id) {
      this.isBusy = true;
      this.progress = event;
    } else if (event.type === 'recording' && event.id === this.id && event.phase === 'stopping') {
      this.isBusy = true;
      this.progress = null;
    } else if (event.type === 'ready' && event.id === this.id) {
      await this.#settled();
    } else if (event.type === 'problem' && event.id === this.id && !recording.isLive) {
      await this.#settled();
    }
  }

  forget(): void {
    this.view = null;
    this.progress = null;
    this.isBusy = false;
    this.isByHand = false;
    playback.reset();
  }

  /** Work began or ended, well or not: what the core says now is shown. It may have failed before its start was told. */
  async #settled(): Promise<void> {
    await session.refresh();
    await this.reload();
    this.isBusy = this.id !== null && session.status?.busy.includes(this.id) === true;
    if (!this.isBusy) this.progress = null;
  }
}

export const consultation = new ConsultationStore();
