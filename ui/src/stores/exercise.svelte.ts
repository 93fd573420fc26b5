import { t } from '../i18n/index.svelte';
import { core } from '../ipc/client';
import type { Consultation } from '../ipc/types';
import { alerts, attempt } from './alerts.svelte';
import { playback } from './playback.svelte';
import { session } from './session.svelte';

/** The invented visit on which a doctor practises. */
class ExerciseStore {
  /** What was begun; none before the core was asked. */
  now = $state.raw<Consultation | null>(null);
  isStarting = $state(false);

  async load(): Promise<void> {
    this.now = (await attempt(core.exercise())) ?? null;
  }

  async start(): Promise<void> {
    if (this.isStarting) return;
    this.isStarting = true;
    const view = await attempt(core.exerciseStart(session.practice?.consultation_language ?? 'fr'));
    this.isStarting = false;
    if (view === undefined || session.status?.record !== 'open') return;
    this.now = view.consultation;
    this.resume();
  }

  resume(): void {
    if (this.now !== null) session.go({ name: 'consultation', id: this.now.id });
  }

  async erase(): Promise<void> {
    playback.reset();
    if ((await attempt(core.exerciseErase())) === undefined) return;
    this.now = null;
    alerts.say(t().exercise.erased);
    if (session.route.name === 'consultation') session.go({ name: 'day' });
  }
}

export const exercise = new ExerciseStore();
