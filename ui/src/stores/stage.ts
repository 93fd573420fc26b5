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

/** What the list can be narrowed to, in the order of its keys. */
export const FILTERS = ['all', 'record', 'check', 'validated', 'exported'] as const;
export type Filter = (typeof FILTERS)[number];

const FILTER_OF: Partial<Record<Stage, Filter>> = { review: 'check', validated: 'validated', exported: 'exported' };

/** Before the note there is something to record, hear or transcribe; a visit given up is in none but `all`. */
export function filterOf(stage: Stage): Filter {
  return FILTER_OF[stage] ?? (isLeftToDo(stage) ? 'record' : 'all');
}

/** The note is signed: what is erased then was a medical act. */
export function isSigned(stage: Stage): boolean {
  return stage === 'validated' || stage === 'exported';
}
