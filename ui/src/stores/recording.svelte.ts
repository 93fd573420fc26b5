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
  tentative = $state('');
  note = $state.raw<Note | null>(null);
  /** Moments marked so far. */
  markers = $state.raw<number[]>([]);

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
    this.tentative = '';
    this.note = note;
    this.markers = markers;
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
    this.tentative = '';
  }

  mark(at: number): void {
    this.markers = [...this.markers, at];
  }

  /** What the record holds, after an erasure or when the screen opens in the middle. */
  replace(segments: Segment[], markers: number[] = this.markers): void {
    this.segments = segments;
    this.markers = markers;
    this.tentative = '';
  }

  end(): void {
    this.phase = 'stopped';
    this.id = null;
    this.segments = [];
    this.tentative = '';
    this.note = null;
    this.markers = [];
  }
}

export const recording = new RecordingStore();
