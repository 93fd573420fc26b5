import type { RecordingPhase, Stage } from '../types';
import type { MockCore } from './backend';
import { noteOf, transcriptOf } from './script';

const TICK_MS = 100;
/** The invented visit passes faster than a real one. */
const HASTE = 3;

type Timer = ReturnType<typeof setInterval>;

/** What the core's microphone, recogniser and loudspeaker do, on timers; without them when nothing shall move. */
export class MockSound {
  recording: string | null = null;
  #phase: RecordingPhase = 'stopped';
  #elapsed = 0;
  #told = 0;
  #timers = new Map<string, Timer>();

  constructor(
    private readonly core: MockCore,
    private readonly isMoving: boolean,
  ) {}

  test(): null {
    this.#every('test', () => this.#level());
    return null;
  }

  stopTest(): null {
    this.#clear('test');
    return null;
  }

  start(id: string): null {
    if (this.recording !== null) this.core.refuse('recording_in_progress');
    this.recording = id;
    this.#elapsed = 0;
    this.#told = 0;
    this.#report('starting');
    this.core.visit(id).consultation.state = 'recording';
    if (this.isMoving) setTimeout(() => this.#report('recording'), 400);
    else this.#report('recording');
    this.#every('recording', () => this.#tick());
    return null;
  }

  pause(isPaused: boolean): null {
    const id = this.#under();
    this.core.visit(id).consultation.state = isPaused ? 'paused' : 'recording';
    this.#report(isPaused ? 'paused' : 'recording');
    return null;
  }

  /** The visit goes on: for tests, which have no timers. */
  advance(ms: number): void {
    for (let passed = 0; passed < ms; passed += TICK_MS * HASTE) this.#tick();
  }

  stop(): null {
    const id = this.#under();
    this.#clear('recording');
    this.#report('stopping');
    const visit = this.core.visit(id);
    visit.consultation.state = 'stopped';
    visit.consultation.audio_ms = this.#elapsed;
    const script = this.core.scriptOf(visit);
    const finish = () => {
      const heard = transcriptOf(script);
      this.recording = null;
      this.core.drafted(id, heard, noteOf(script));
      visit.consultation.audio_ms = Math.max(this.#elapsed, heard.duration_ms);
      this.#reportOf(id, 'stopped');
      this.core.emit({ type: 'ready', id });
    };
    if (this.isMoving) setTimeout(finish, 900);
    else finish();
    return null;
  }

  eraseLast(ms: number): null {
    const id = this.#under();
    this.#elapsed = Math.max(0, this.#elapsed - ms);
    const visit = this.core.visit(id);
    const segments = visit.transcript.segments.filter((segment) => segment.end_ms <= this.#elapsed);
    visit.transcript = { ...visit.transcript, segments };
    visit.markers = visit.markers.filter((at) => at < this.#elapsed);
    this.#told = segments.length;
    this.core.emit({ type: 'tentative', id, firm: '', text: '' });
    this.#report(this.#phase);
    return null;
  }

  mark(): null {
    const id = this.#under();
    this.core.visit(id).markers.push(this.#elapsed);
    this.core.emit({ type: 'marker', id, at_ms: this.#elapsed });
    return null;
  }

  discard(id: string): void {
    if (this.recording !== id) return;
    this.#clear('recording');
    this.recording = null;
    this.#reportOf(id, 'stopped');
  }

  transcribe(id: string): void {
    const visit = this.core.visit(id);
    if (visit.consultation.consent?.decision !== 'informed') this.core.refuse('consent_required');
    this.core.busy.add(id);
    const script = this.core.scriptOf(visit);
    let done = 0;
    const step = () => {
      done += 0.02;
      const stage: Stage = done < 0.04 ? 'loading_model' : done < 0.96 ? 'transcribing' : 'structuring';
      const fraction = stage === 'transcribing' ? done : null;
      this.core.emit({ type: 'progress', id, stage, fraction, remaining_ms: fraction === null ? null : (1 - done) * 60_000 });
      if (done < 1) return;
      this.#clear(`job ${id}`);
      this.core.busy.delete(id);
      const heard = transcriptOf(script);
      this.core.drafted(id, heard, noteOf(script));
      visit.consultation.audio_ms = heard.duration_ms;
      this.core.emit({ type: 'ready', id });
    };
    if (this.isMoving) this.#every(`job ${id}`, step);
  }

  cancel(id: string): null {
    this.#clear(`job ${id}`);
    if (!this.core.busy.delete(id)) return null;
    this.core.visit(id).consultation.state = 'stopped';
    this.core.emit({ type: 'problem', id, failure: { code: 'cancelled', details: {} } });
    return null;
  }

  play(id: string, startMs: number, endMs: number, speed: number): null {
    if (this.core.visit(id).consultation.audio_ms === 0) this.core.refuse('audio_erased');
    let at = startMs;
    this.#every('play', () => {
      at += TICK_MS * speed;
      const playing = at < endMs;
      if (!playing) this.#clear('play');
      this.core.emit({ type: 'playback', id, position_ms: Math.min(at, endMs), playing });
    });
    return null;
  }

  stopPlaying(): null {
    this.#clear('play');
    return null;
  }

  #under(): string {
    return this.recording ?? this.core.refuse('nothing_recording');
  }

  #tick(): void {
    if (this.#phase !== 'recording') return;
    const id = this.#under();
    this.#elapsed += TICK_MS * HASTE;
    const visit = this.core.visit(id);
    const script = this.core.scriptOf(visit);
    const { segments } = transcriptOf(script);
    const next = segments[this.#told];
    if (next !== undefined && next.end_ms < this.#elapsed) {
      this.#told += 1;
      visit.transcript = { ...visit.transcript, segments: [...visit.transcript.segments, next] };
      this.core.emit({ type: 'segment', id, segment: next });
      this.core.emit({ type: 'note', id, note: noteOf(script, this.#told) });
    } else if (next !== undefined && next.start_ms < this.#elapsed) {
      const heard = next.words?.filter((word) => word.end_ms < this.#elapsed).map((word) => word.text) ?? [];
      this.core.emit({
        type: 'tentative',
        id,
        firm: heard.slice(0, -2).join(' '),
        text: heard.slice(-2).join(' '),
      });
    }
    this.#level();
    this.#report('recording');
  }

  #level(): void {
    const voice = 0.18 + 0.16 * Math.sin(performance.now() / 180) * Math.sin(performance.now() / 730);
    this.core.emit({ type: 'level', peak: Math.min(1, voice * 2.2), rms: voice });
  }

  #report(phase: RecordingPhase): void {
    if (this.recording !== null) this.#reportOf(this.recording, phase);
  }

  #reportOf(id: string, phase: RecordingPhase): void {
    this.#phase = phase;
    const saved_ms = Math.max(0, this.#elapsed - (this.#elapsed % 500));
    this.core.emit({ type: 'recording', id, phase, elapsed_ms: this.#elapsed, saved_ms, behind_ms: 2400 });
  }

  #every(name: string, act: () => void): void {
    this.#clear(name);
    if (this.isMoving) this.#timers.set(name, setInterval(act, TICK_MS));
  }

  #clear(name: string): void {
    clearInterval(this.#timers.get(name));
    this.#timers.delete(name);
  }
}
