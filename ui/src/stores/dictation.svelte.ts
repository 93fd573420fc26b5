import { t } from '../i18n/index.svelte';
import { core } from '../ipc/client';
import type { DictationPhase, Event, SectionId } from '../ipc/types';
import { attempt } from './alerts.svelte';
import { playback } from './playback.svelte';
import { review } from './review.svelte';

/** A statement being spoken into a section. */
class DictationStore {
  id = $state<string | null>(null);
  section = $state<SectionId | null>(null);
  phase = $state<DictationPhase>('starting');
  text = $state('');
  tentative = $state('');

  get isLive(): boolean {
    return this.id !== null;
  }

  async start(id: string, section: SectionId): Promise<void> {
    if (this.isLive) return;
    playback.reset();
    this.forget();
    this.id = id;
    this.section = section;
    if ((await attempt(core.dictationStart(id))) === undefined) this.#leave();
  }

  /** What was understood goes into the note. */
  async finish(): Promise<void> {
    const { id, section } = this;
    if (id === null || section === null || this.phase === 'transcribing') return;
    this.phase = 'transcribing';
    const known = new Set(review.all.map((s) => s.id));
    const view = await attempt(core.dictationFinish(id, section));
    // Locked or left meanwhile: the core has it, the screen no longer asks.
    if (this.id !== id) return;
    if (view !== undefined) {
      review.takeNote(view);
      review.said = t().dictation.done;
      const added = review.all.find((s) => !known.has(s.id));
      if (added !== undefined) review.select({ kind: 'statement', id: added.id });
    }
    this.#leave();
  }

  async cancel(): Promise<void> {
    if (!this.isLive) return;
    this.#leave();
    await attempt(core.dictationCancel());
  }

  on(event: Extract<Event, { type: 'dictation' }>): void {
    if (event.id !== this.id) return;
    // The last words may come after the doctor asked to insert.
    if (this.phase !== 'transcribing') this.phase = event.phase;
    this.text = event.text;
    this.tentative = event.tentative;
  }

  forget(): void {
    this.id = null;
    this.section = null;
    this.phase = 'starting';
    this.text = '';
    this.tentative = '';
  }

  #leave(): void {
    this.forget();
    review.focusAsked += 1;
  }
}

export const dictation = new DictationStore();
