import { recording } from './recording.svelte';
import { session } from './session.svelte';

const CHECK_MS = 5_000;
const ACTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Locks after the practice's idle time. Talking to a patient is no idleness: a running recording holds it back. */
export function idleLock(lock: () => void, now: () => number = Date.now): () => void {
  let last = now();
  const act = () => {
    last = now();
  };
  for (const name of ACTS) window.addEventListener(name, act, { passive: true, capture: true });
  const timer = setInterval(() => {
    const isRecording = recording.isLive && recording.phase !== 'paused';
    if (isRecording || session.status?.record !== 'open' || session.isFirstRun) {
      act();
      return;
    }
    const minutes = session.practice?.auto_lock_minutes ?? 0;
    if (minutes > 0 && now() - last >= minutes * 60_000) {
      act();
      lock();
    }
  }, CHECK_MS);
  return () => {
    clearInterval(timer);
    for (const name of ACTS) window.removeEventListener(name, act, { capture: true });
  };
}
