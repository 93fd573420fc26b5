import { clock, shortDate } from '../i18n/format';
import type { Dictionary } from '../i18n/index.svelte';
import type { AuditRow } from '../ipc/types';

/** Of a fingerprint, as much as two people compare aloud. */
const FINGERPRINT = 12;

/** What the record notes beside an act, in the words of the interface. Null where this version does not know the note:
 *  it is then shown as it was written. */
export function precision({ act, detail }: Pick<AuditRow, 'act' | 'detail'>, words: Dictionary): string | null {
  const known = words.acts.detail;
  switch (act) {
    case 'consultation':
    case 'exercise':
      return detail === 'created' ? known.created : null;
    case 'state':
      return joined(detail.split(' to ').map((state) => known.state[state]), ([from = '', to = '']) => known.fromTo(from, to));
    case 'consent': {
      const [decision = '', form = ''] = detail.split(', ');
      return joined([known.decision[decision], known.form[form]], (said) => said.join(', '));
    }
    case 'edit':
      return edited(detail, words);
    case 'speakers':
      return spoke(detail, words);
    case 'voice':
      return detail === 'learnt' ? known.learnt : detail === 'forgotten' ? known.forgotten : null;
    case 'validate':
    case 'addendum':
      return fingerprint(detail, words);
    case 'paper': {
      const [kind = '', sha256 = ''] = detail.split(' ');
      return joined([known.paper[kind], fingerprint(sha256, words)], (said) => said.join(', '));
    }
    case 'export': {
      const kind = Object.keys(known.paper).find((paper) => detail.startsWith(`${paper} `));
      if (kind === undefined) return known.export[detail] ?? null;
      return joined([known.paper[kind], known.export[detail.slice(kind.length + 1)]], (said) => said.join(', '));
    }
    case 'retention': {
      if (detail === 'audio kept for a reason') return known.audioKept;
      const until = detail.startsWith('audio until ') ? new Date(detail.slice('audio until '.length)) : null;
      return until === null || Number.isNaN(until.getTime()) ? null : known.audioUntil(shortDate(until));
    }
    case 'erase': {
      const from = /^audio from (\d+) ms$/.exec(detail)?.[1];
      return from === undefined ? (known.erased[detail] ?? null) : known.audioFrom(clock(Number(from)));
    }
    case 'access':
      return detail === 'archive' ? known.archive : null;
    default:
      return null;
  }
}

/** All of it, or nothing. */
function joined(parts: (string | null | undefined)[], say: (known: string[]) => string): string | null {
  const known = parts.filter((part) => part != null);
  return known.length === parts.length && known.length > 1 ? say(known) : null;
}

function edited(detail: string, { acts: { detail: known } }: Dictionary): string | null {
  const [, kind, save] = /^(draft|addendum, save) (\d+)$/.exec(detail) ?? [];
  if (save !== undefined) return kind === 'draft' ? known.draft(Number(save)) : known.addendum(Number(save));
  if (detail === 'patient') return known.patient;
  if (detail === 'reason') return known.reason;
  return detail === 'addendum given up' ? known.givenUp : null;
}

/** The record counts passages from nought, people from one. */
function spoke(detail: string, { acts: { detail: known }, speaker }: Dictionary): string | null {
  if (detail === 'swapped') return known.swapped;
  const [, from, index, who = ''] = /^(from )?segment (\d+): (\w+)$/.exec(detail) ?? [];
  const name = (speaker as Record<string, string>)[who];
  if (index === undefined || name === undefined) return null;
  return from === undefined ? known.passage(Number(index) + 1, name) : known.passagesFrom(Number(index) + 1, name);
}

function fingerprint(detail: string, { acts: { detail: known } }: Dictionary): string | null {
  return /^[0-9a-f]{64}$/.test(detail) ? known.fingerprint(detail.slice(0, FINGERPRINT)) : null;
}
