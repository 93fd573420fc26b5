import { core } from '../ipc/client';
import type { Event } from '../ipc/types';
import type { Passage } from '../review/quotes';
import { attempt } from './alerts.svelte';

type PlaybackEvent = Extract<Event, { type: 'playback' }>;

export const SPEEDS = [0.75, 1, 1.25, 1.5, 2] as const;

/** What is heard: one passage after the other, from the encrypted record, through the core. */
class PlaybackStore {
  isPlaying = $state(false);
  positionMs = $state(0);
  speed = $state<number>(1);
  isLooping = $state(false);
  #id: string | null = null;
  #passages: Passage[] = [];
  #at = 0;
  /** An end told by the core counts only after it told a start: the former passage may still be ending. */
  #heard = false;

  async play(id: string, passages: Passage[]): Promise<void> {
    if (passages.length === 0) return;
    if (this.isPlaying) {
      // Waited for, so that the end of the former passage is not taken for the end of this one.
      this.#passages = [];
      await attempt(core.playStop());
    }
    this.#id = id;
    this.#passages = passages;
    this.#at = 0;
    await this.#next();
  }

  async stop(): Promise<void> {
    this.#passages = [];
    if (!this.isPlaying) return;
    this.isPlaying = false;
    await attempt(core.playStop());
  }

  /** What is being heard goes on at the new speed, from where it is. */
  async setSpeed(speed: number): Promise<void> {
    this.speed = speed;
    if (!this.isPlaying) return;
    const passages = this.#passages;
    this.#passages = [];
    const from = this.positionMs;
    await attempt(core.playStop());
    this.#passages = passages;
    await this.#next(from);
  }

  stepSpeed(by: 1 | -1): Promise<void> {
    const at = SPEEDS.findIndex((speed) => speed === this.speed);
    return this.setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + by))] ?? 1);
  }

  update(event: PlaybackEvent): void {
    if (event.id !== this.#id) return;
    if (event.playing) {
      if (this.#passages.length === 0) return;
      this.#heard = true;
      this.isPlaying = true;
      this.positionMs = event.position_ms;
      return;
    }
    if (!this.#heard) return;
    this.#heard = false;
    this.positionMs = event.position_ms;
    this.#at += 1;
    if (this.#at >= this.#passages.length && this.isLooping) this.#at = 0;
    if (this.#at < this.#passages.length) void this.#next();
    else this.isPlaying = false;
  }

  reset(): void {
    this.isPlaying = false;
    this.positionMs = 0;
    this.#passages = [];
    this.#id = null;
  }

  async #next(from?: number): Promise<void> {
    const passage = this.#passages[this.#at];
    if (this.#id === null || passage === undefined) return;
    this.#heard = false;
    this.isPlaying = true;
    const start = Math.min(Math.max(from ?? passage.start_ms, passage.start_ms), passage.end_ms);
    this.positionMs = start;
    const started = await attempt(core.play(this.#id, start, passage.end_ms, this.speed));
    if (started === undefined) {
      this.isPlaying = false;
      this.#passages = [];
    }
  }
}

export const playback = new PlaybackStore();
