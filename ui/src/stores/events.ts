import { t } from '../i18n/index.svelte';
import type { Event } from '../ipc/types';
import { alerts } from './alerts.svelte';
import { consultation } from './consultation.svelte';
import { dictation } from './dictation.svelte';
import { models } from './models.svelte';
import { playback } from './playback.svelte';
import { recording } from './recording.svelte';
import { review } from './review.svelte';
import { session } from './session.svelte';
import { visits } from './visits.svelte';

/** Hands every event of the core to the stores it concerns. */
export async function dispatch(event: Event): Promise<void> {
  switch (event.type) {
    case 'level':
      recording.level(event.peak, event.rms);
      return;
    case 'backed_up':
      return;
    case 'segment':
      if (event.id === recording.id) recording.hear(event.segment);
      return;
    case 'tentative':
      if (event.id === recording.id) recording.words(event.firm, event.text);
      return;
    case 'note':
      if (event.id === recording.id) recording.note = event.note;
      return;
    case 'marker':
      if (event.id === recording.id) recording.mark(event.at_ms);
      return;
    case 'dictation':
      dictation.on(event);
      return;
    case 'measuring':
      models.on(event);
      return;
    case 'close_asked':
      session.isCloseAsked = true;
      return;
    case 'playback':
      playback.update(event);
      return;
    case 'problem':
      alerts.raise(event.failure);
      break;
    case 'recording':
      await consultation.on(event);
      recording.update(event);
      if (event.phase === 'stopped') await refreshDay();
      return;
    case 'locked':
      lockedDown();
      return;
    case 'ready':
    case 'progress':
      break;
  }
  await consultation.on(event);
  if (event.type === 'progress') return;
  await refreshDay();
  if (event.type === 'ready' && session.status?.record === 'open') {
    if (consultation.id === event.id) review.said = t().processing.ready;
    else alerts.say(t().processing.ready);
  }
}

/** The list tells what is under way: it follows when work begins or ends. */
async function refreshDay(): Promise<void> {
  if (session.route.name !== 'day' || session.status?.record !== 'open') return;
  await session.refresh();
  await visits.load();
}

/** Leaves nothing of a patient in memory. A recording under way goes on in the core. */
export function lockedDown(): void {
  consultation.forget();
  dictation.forget();
  review.forget();
  visits.forget();
  recording.forget();
  session.locked();
}
