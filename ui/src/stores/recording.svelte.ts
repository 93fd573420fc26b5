import type { Event, Note, RecordingPhase, Segment } from '../ipc/types';

type RecordingEvent = Extract<Event, { type: 'recording' }>;

/** The recording under way, whichever screen shows. */
class RecordingStore {
  id = $state<string | null>(null);
  phase = $state<RecordingPhase>('stopped');
  elapsedMs = $state(0);
  savedMs = $state(0);
  behindMs = $state(0);
  peak = $state(0);
  rms = $state(0);
  segments = $state.raw<Segment[]>([]);
  /** Words without a segment yet: what stays until theirs comes, and what may still change. */
  firm = $state('');
  tentative = $state('');
  note = $state.raw<Note | null>(null);
  /** Moments marked so far. */
  markers = $state.raw<number[]>([]);
  /** Nothing of what was heard so far is missing here: the screen was not locked meanwhile. */
  isWhole = true;

  get isLive(): boolean {
    return this.id !== null && this.phase !== 'stopped';
  }

  /** Before the first event: the core has accepted the start. */
  begin(id: string, segments: Segment[] = [], note: Note | null = null, markers: number[] = []): void {
    this.id = id;
    this.phase = 'starting';
    this.elapsedMs = 0;
    this.savedMs = 0;
    this.behindMs = 0;
    this.segments = segments;
    this.words('', '');
    this.note = note;
    this.markers = markers;
    this.isWhole = true;
  }

  update(event: RecordingEvent): void {
    if (this.id !== event.id) this.begin(event.id);
    this.phase = event.phase;
    this.elapsedMs = event.elapsed_ms;
    this.savedMs = event.saved_ms;
    this.behindMs = event.behind_ms;
    if (event.phase !== 'recording') this.level(0, 0);
    if (event.phase === 'stopped') this.end();
  }

  level(peak: number, rms: number): void {
    this.peak = peak;
    this.rms = rms;
  }

  hear(segment: Segment): void {
    const others = this.segments.filter((s) => s.index !== segment.index);
    this.segments = [...others, segment];
    this.words('', '');
  }

  words(firm: string, tentative: string): void {
    this.firm = firm;
    this.tentative = tentative;
  }

  mark(at: number): void {
    this.markers = [...this.markers, at];
  }

  /** What the record holds, after an erasure or when the screen opens in the middle. */
  replace(segments: Segment[], markers: number[] = this.markers): void {
    this.segments = segments;
    this.markers = markers;
    this.words('', '');
    this.isWhole = true;
  }

  /** What the record holds, with what was heard since it was asked. */
  complete(segments: Segment[], markers: number[]): void {
    const known = new Set(segments.map((segment) => segment.index));
    this.replace([...segments, ...this.segments.filter((segment) => !known.has(segment.index))], markers);
  }

  /** The screen is locked: the recording goes on in the core, and nothing of it stays here. */
  forget(): void {
    this.segments = [];
    this.words('', '');
    this.note = null;
    this.markers = [];
    this.isWhole = false;
  }

  end(): void {
    this.phase = 'stopped';
    this.id = null;
    this.segments = [];
    this.words('', '');
    this.note = null;
    this.markers = [];
    this.isWhole = true;
  }
}

export const recording = new RecordingStore();
