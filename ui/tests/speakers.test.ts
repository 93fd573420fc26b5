import { describe, expect, it } from 'vitest';

import { t } from '../src/i18n/index.svelte';
import type { Language } from '../src/ipc/types';
import { review } from '../src/stores/review.svelte';
import { all, find, get, has, openApp, settle } from './app';

const consent = { decision: 'informed', form: 'oral', at: '2026-11-23T09:00:00Z' } as const;

const signature = { author: 'Dr Claire Exemple', at: '2026-11-23T09:20:00Z', sha256: 'ab12' };

async function openReview(language: Language = 'fr', isSigned = false) {
  const opened = await openApp({ language }, (core) => {
    const state = isSigned ? 'validated' : 'drafted';
    core.seed({ language, state, consent }, isSigned ? { note: true, signature } : { note: true });
  });
  await opened.user.click(get('list-row'));
  await find('note');
  await settle();
  const id = [...opened.core.visits.keys()][0] ?? '';
  const people = () => opened.core.visit(id).transcript.segments.map((segment) => segment.speaker);
  const corrections = () =>
    opened.core.calls.filter((call) => call.command === 'speakers_correct').map((call) => call.args.correction);
  return { ...opened, id, people, corrections };
}

const row = (index: number) => document.querySelector<HTMLElement>(`[data-segment="${index}"]`) as HTMLElement;

describe('who spoke', () => {
  it.each(['fr', 'en'] as const)('is swapped everywhere by one click, in %s', async (language) => {
    const { user, people, corrections } = await openReview(language);
    const before = people();
    await user.click(get('speakers-swap'));
    await settle();
    expect(corrections()).toEqual([{ op: 'swap' }]);
    expect(people()).toEqual(before.map((who) => (who === 'doctor' ? 'patient' : who === 'patient' ? 'doctor' : who)));
    expect(row(0).querySelector('.who')?.textContent).toBe(t().speaker.patient);
    expect(review.said).toBe(t().transcript.swapped);
  });

  it('is swapped by a key, and not while one types', async () => {
    const { user, corrections } = await openReview();
    document.body.focus();
    await user.keyboard('x');
    await settle();
    expect(corrections()).toEqual([{ op: 'swap' }]);
    await user.keyboard('a');
    await settle();
    await user.keyboard('x');
    await settle();
    expect(corrections()).toHaveLength(1);
  });

  it('is set for one passage, with a click that plays nothing', async () => {
    const { core, user, corrections } = await openReview();
    await user.click(row(1).querySelector('.said') as HTMLElement);
    await settle();
    const played = core.calls.filter((call) => call.command === 'play').length;
    expect(all('speaker-pick').map((pick) => pick.getAttribute('aria-pressed'))).toEqual(['false', 'true', 'false']);
    await user.click(all('speaker-pick')[2] as HTMLElement);
    await settle();
    expect(corrections()).toEqual([{ op: 'segment', index: 1, speaker: 'companion' }]);
    expect(core.calls.filter((call) => call.command === 'play')).toHaveLength(played);
    expect(row(1).querySelector('.who')?.textContent).toBe(t().speaker.companion);
  });

  it('goes to the next person by a key on the passage', async () => {
    const { user, corrections } = await openReview();
    await user.click(row(0).querySelector('.said') as HTMLElement);
    await settle();
    await user.keyboard('q');
    await settle();
    expect(corrections()).toEqual([{ op: 'segment', index: 0, speaker: 'patient' }]);
  });

  it('is swapped from a passage on', async () => {
    const { user, people, corrections } = await openReview();
    const before = people();
    await user.click(row(2).querySelector('.said') as HTMLElement);
    await settle();
    await user.click(get('speakers-from'));
    await settle();
    expect(corrections()).toEqual([{ op: 'from', index: 2, speaker: 'patient' }]);
    expect(people().slice(0, 2)).toEqual(before.slice(0, 2));
    expect(people()[2]).not.toBe(before[2]);
  });

  it('stays as it is once the note is signed', async () => {
    const { user, corrections } = await openReview('fr', true);
    expect(has('speakers-swap')).toBe(false);
    await user.click(row(0).querySelector('.said') as HTMLElement);
    await user.keyboard('xq');
    await settle();
    expect(has('speaker-pick')).toBe(false);
    expect(corrections()).toEqual([]);
  });
});

describe('my voice', () => {
  it('is learnt and forgotten from the transcript', async () => {
    const { core, user } = await openReview();
    await user.click(get('voice-menu'));
    await user.click(get('voice-learn'));
    await settle();
    expect(core.calls.some((call) => call.command === 'voice_learn')).toBe(true);
    await user.click(get('voice-menu'));
    await user.click(get('voice-forget'));
    await settle();
    expect(core.calls.some((call) => call.command === 'voice_forget')).toBe(true);
    await user.click(get('voice-menu'));
    expect(has('voice-forget')).toBe(false);
  });
});
