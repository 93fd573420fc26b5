import { core } from '../ipc/client';

const ACTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;
/** A hand is told of at most this often: the core counts in minutes. */
const TELL_MS = 10_000;

/** Tells the core that a hand is on the machine. The core locks the screen when there was none for long enough, and after
 *  the machine slept, over a recording too: the recording goes on. */
export function tellOfHands(now: () => number = Date.now): () => void {
  let told = -Infinity;
  const act = () => {
    if (now() - told < TELL_MS) return;
    told = now();
    // A hand that could not be told of is told of by the next one.
    core.hand().catch(() => (told = -Infinity));
  };
  for (const name of ACTS) window.addEventListener(name, act, { passive: true, capture: true });
  return () => {
    for (const name of ACTS) window.removeEventListener(name, act, { capture: true });
  };
}
