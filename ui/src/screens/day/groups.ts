import type { Consultation } from '../../ipc/types';
import type { Doing, Filter, Stage } from '../../stores/stage';
import { filterOf, isLeftToDo, stageOf } from '../../stores/stage';

export interface Row {
  consultation: Consultation;
  stage: Stage;
}

export interface Group {
  key: string;
  kind: 'todo' | 'today' | 'yesterday' | 'day' | 'found';
  /** First moment of the day, for `day`. */
  day: Date;
  /** Its rows are of several days. */
  hasDates: boolean;
  rows: Row[];
}

/** How many consultations each filter shows. */
export function counts(list: readonly Consultation[], doing: Doing): Record<Filter, number> {
  const found = { all: list.length, record: 0, check: 0, validated: 0, exported: 0 };
  for (const consultation of list) {
    const filter = filterOf(stageOf(consultation, doing));
    if (filter !== 'all') found[filter] += 1;
  }
  return found;
}

/** What is left to do first, whichever day it is from; then day by day. A search gives one list. */
export function groups(list: readonly Consultation[], doing: Doing, isSearch: boolean, now = new Date(), filter: Filter = 'all'): Group[] {
  const all = list.map((consultation) => ({ consultation, stage: stageOf(consultation, doing) }));
  const rows = all.filter((row) => filter === 'all' || filterOf(row.stage) === filter);
  if (rows.length === 0) return [];
  if (isSearch) return [{ key: 'found', kind: 'found', day: now, hasDates: true, rows }];
  const todo = rows.filter((row) => isLeftToDo(row.stage));
  const made: Group[] = [];
  if (todo.length > 0) made.push({ key: 'todo', kind: 'todo', day: now, hasDates: true, rows: todo });
  for (const row of rows) {
    if (isLeftToDo(row.stage)) continue;
    const day = midnight(new Date(row.consultation.created_at));
    const key = `day-${day.getFullYear()}-${day.getMonth()}-${day.getDate()}`;
    const last = made[made.length - 1];
    if (last?.key === key) last.rows.push(row);
    else made.push({ key, kind: kindOf(day, now), day, hasDates: false, rows: [row] });
  }
  return made;
}

function kindOf(day: Date, now: Date): Group['kind'] {
  const today = midnight(now);
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (day.getTime() === today.getTime()) return 'today';
  return day.getTime() === yesterday.getTime() ? 'yesterday' : 'day';
}

export function midnight(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}
