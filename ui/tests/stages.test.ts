import { describe, expect, it } from 'vitest';

import type { Consent, Consultation, State } from '../src/ipc/types';
import { groups } from '../src/screens/day/groups';
import { stageOf } from '../src/stores/stage';

const NOTHING = { recording: null, busy: [] };

function visit(state: State, more: Partial<Consultation> = {}): Consultation {
  return {
    id: `${state} ${more.created_at ?? ''}`,
    exercise: false,
    patient: null,
    reason: null,
    language: 'fr',
    state,
    created_at: '2026-11-23T09:00:00Z',
    consent: null,
    audio_ms: 0,
    audio_erased_at: null,
    validated_at: null,
    author: null,
    ...more,
  };
}

const consent = (decision: Consent['decision']): Consent => ({ decision, form: 'oral', at: '2026-11-23T09:00:00Z' });

describe('where a consultation stands', () => {
  it('follows its state and consent', () => {
    expect(stageOf(visit('created'), NOTHING)).toBe('consent');
    expect(stageOf(visit('created', { consent: consent('refused') }), NOTHING)).toBe('refused');
    expect(stageOf(visit('created', { consent: consent('withdrawn') }), NOTHING)).toBe('withdrawn');
    expect(stageOf(visit('consented', { consent: consent('informed') }), NOTHING)).toBe('ready');
    expect(stageOf(visit('stopped', { consent: consent('informed') }), NOTHING)).toBe('untranscribed');
    expect(stageOf(visit('drafted'), NOTHING)).toBe('review');
    expect(stageOf(visit('validated'), NOTHING)).toBe('validated');
    expect(stageOf(visit('exported'), NOTHING)).toBe('exported');
  });

  it('tells a recording under way from one that a crash cut', () => {
    const cut = visit('recording');
    expect(stageOf(cut, NOTHING)).toBe('interrupted');
    expect(stageOf(cut, { recording: cut.id, busy: [cut.id] })).toBe('recording');
    expect(stageOf(visit('paused'), NOTHING)).toBe('interrupted');
  });

  it('is work under way before anything else', () => {
    const one = visit('stopped');
    expect(stageOf(one, { recording: null, busy: [one.id] })).toBe('processing');
  });
});

describe('the day', () => {
  const now = new Date(2026, 10, 23, 18);
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString();
  const list = [
    visit('validated', { created_at: at(23, 17) }),
    visit('drafted', { created_at: at(23, 16) }),
    visit('exported', { created_at: at(22, 9) }),
    visit('recording', { created_at: at(20, 9) }),
    visit('exported', { created_at: at(20, 8) }),
  ];

  it('puts what is left to do first, whichever day it is from', () => {
    const made = groups(list, NOTHING, false, now);
    expect(made.map((g) => g.kind)).toEqual(['todo', 'today', 'yesterday', 'day']);
    expect(made[0]?.rows.map((row) => row.stage)).toEqual(['review', 'interrupted']);
  });

  it('gives one list while searching, and none when nothing is found', () => {
    expect(groups(list, NOTHING, true, now).map((g) => [g.kind, g.rows.length])).toEqual([['found', 5]]);
    expect(groups([], NOTHING, true, now)).toEqual([]);
  });
});
