import type { Consultation } from '../ipc/types';

/** Where a consultation stands, as its doctor sees it. */
export type Stage =
  | 'consent'
  | 'refused'
  | 'withdrawn'
  | 'ready'
  | 'recording'
  | 'interrupted'
  | 'processing'
  | 'untranscribed'
  | 'review'
  | 'validated'
  | 'exported';

/** What the core is doing right now. */
export interface Doing {
  recording: string | null;
  busy: readonly string[];
}

export function stageOf(consultation: Consultation, doing: Doing): Stage {
  const { id, state, consent } = consultation;
  if (doing.recording === id) return 'recording';
  if (doing.busy.includes(id)) return 'processing';
  const isSigned = state === 'validated' || state === 'exported';
  if (consent?.decision === 'withdrawn' && !isSigned) return 'withdrawn';
  switch (state) {
    case 'validated':
      return 'validated';
    case 'exported':
      return 'exported';
    case 'drafted':
      return 'review';
    case 'recording':
    case 'paused':
      return 'interrupted';
    case 'stopped':
      return 'untranscribed';
    case 'created':
    case 'consented':
      if (consent?.decision === 'refused') return 'refused';
      return state === 'consented' ? 'ready' : 'consent';
  }
}

const DONE: readonly Stage[] = ['validated', 'exported', 'withdrawn', 'refused'];

export function isLeftToDo(stage: Stage): boolean {
  return !DONE.includes(stage);
}
