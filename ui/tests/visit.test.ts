import { fireEvent } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { t } from '../src/i18n/index.svelte';
import { seedDay } from '../src/ipc/mock';
import { recording } from '../src/stores/recording.svelte';
import { session } from '../src/stores/session.svelte';
import { all, find, get, has, openApp, settle } from './app';

const consent = { decision: 'informed', form: 'oral', at: '2026-11-23T09:00:00Z' } as const;

describe('the day', () => {
  it('is empty and says how to begin', async () => {
    await openApp();
    expect(get('list-empty').textContent).toContain(t().day.empty);
  });

  it('finds as one types, accents or not', async () => {
    const { user } = await openApp({}, (core) => {
      core.seed({ language: 'fr', patient: { name: 'Hélène Delorme', identifier: null, birth_date: null } });
      core.seed({ language: 'fr', patient: { name: 'Karim Benali', identifier: null, birth_date: null } });
    });
    expect(all('list-row')).toHaveLength(2);
    await user.type(get('list-search'), 'helene');
    await settle();
    expect(all('list-row')).toHaveLength(1);
    await user.type(get('list-search'), 'xyz');
    await settle();
    expect(get('list-empty').textContent).toContain(t().day.nothingFound);
    await user.keyboard('{Escape}');
    await settle();
    expect(all('list-row')).toHaveLength(2);
  });

  it('is walked with the arrows and opens with Enter', async () => {
    const { user } = await openApp({}, (core) => {
      core.seed({ language: 'fr', created_at: '2026-11-20T09:00:00Z' });
      core.seed({ language: 'fr', created_at: '2026-11-21T09:00:00Z' });
    });
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(document.activeElement).toBe(all('list-row')[1]);
    await user.keyboard('{Enter}');
    await settle();
    expect(get('consultation').dataset.stage).toBe('consent');
  });

  it('counts what is left by state and narrows to it with a key', async () => {
    await openApp({}, (core) => seedDay(core, 'fr'));
    const filter = (name: string) => all('list-filter').find((button) => button.dataset.filter === name);
    expect(['all', 'record', 'check', 'validated', 'exported'].map((name) => Number(filter(name)?.dataset.count))).toEqual([15, 4, 1, 1, 9]);
    const press = async (key: string, code: string) => {
      await fireEvent.keyDown(document.body, { key, code });
      await settle();
    };
    await press('"', 'Digit3');
    expect(all('list-row').map((row) => row.dataset.stage)).toEqual(['review']);
    expect(filter('check')?.getAttribute('aria-pressed')).toBe('true');
    await press('Escape', 'Escape');
    expect(all('list-row')).toHaveLength(15);
  });

  it('says so when no consultation is in the state shown', async () => {
    const { user } = await openApp({}, (core) => core.seed({ language: 'fr' }));
    await fireEvent.keyDown(document.body, { key: "'", code: 'Digit4' });
    await settle();
    expect(get('list-empty').textContent).toContain(t().day.filterEmpty);
    await user.click(get('list-empty').querySelector('button') as HTMLElement);
    await settle();
    expect(all('list-row')).toHaveLength(1);
  });

  it('warns that no model is there, and leads to it', async () => {
    const { user } = await openApp({ model: 'missing' });
    expect(document.body.textContent).toContain(t().day.modelMissing);
    await user.click(document.querySelector('.banner button') as HTMLElement);
    expect((await find('settings-model-state')).dataset.state).toBe('missing');
  });
});

describe('a new consultation', () => {
  it('goes from N to the running timer in a few keys', async () => {
    const { core, user } = await openApp();
    await user.keyboard('n');
    await user.type(await find('new-name'), 'Paul Estève');
    await user.type(get('new-birth-date'), '04/03/1968{Enter}');
    expect((await find('consent')).textContent).toContain('Avec votre accord');
    await user.keyboard('{Enter}');
    expect(await find('record-start')).toBeTruthy();
    await settle();
    await user.keyboard('{Enter}');
    expect((await find('record-phase')).dataset.phase).toBe('recording');
    const created = core.calls.find((call) => call.command === 'consultation_create');
    expect(created?.args.new).toEqual({
      patient: { name: 'Paul Estève', identifier: null, birth_date: '1968-03-04' },
      reason: null,
      language: 'fr',
    });
  });

  it('does not take a date that never was', async () => {
    const { user } = await openApp();
    await user.click(get('new-consultation'));
    await user.type(await find('new-birth-date'), '31/02/1968');
    await user.tab();
    expect(get('new-form').textContent).toContain(t().create.birthDateWrong);
    expect(get('new-submit')).toHaveProperty('disabled', true);
  });

  it('that is refused records nothing, and its note can be written by hand', async () => {
    const { user } = await openApp({}, (core) => core.seed({ language: 'fr' }));
    await user.click(get('list-row'));
    await user.click(await find('consent-refused'));
    await user.click(await find('write-by-hand'));
    expect(await find('note')).toBeTruthy();
    await user.keyboard('a');
    await user.type(await find('statement-add-input'), 'Rhume{Enter}');
    await settle();
    expect(get('statement').textContent).toContain('Rhume');
  });
});

describe('recording', () => {
  const ready = async () => {
    const opened = await openApp({}, (core) => core.seed({ language: 'fr', state: 'consented', consent }));
    await opened.user.click(get('list-row'));
    await opened.user.click(await find('record-start'));
    await find('record-phase');
    return opened;
  };

  it('shows time, what is saved, words as they come, and the growing note', async () => {
    const { core } = await ready();
    const id = [...core.visits.keys()][0] ?? '';
    core.emit({ type: 'recording', id, phase: 'recording', elapsed_ms: 65_200, saved_ms: 65_000, behind_ms: 900 });
    core.emit({ type: 'segment', id, segment: { index: 0, speaker: 'patient', start_ms: 0, end_ms: 900, text: 'J\'ai mal à la gorge.' } });
    core.emit({ type: 'tentative', id, firm: 'depuis', text: 'trois' });
    await settle();
    expect(get('record-timer').textContent).toContain('01:05');
    expect(get('record-saved').textContent).toContain('1:05');
    expect(get('live-transcript').textContent).toContain('J\'ai mal à la gorge.');
    expect(get('live-tentative').textContent).toContain('depuis trois');
  });

  it('pauses and resumes with P, erases the last minute after asking, and stops with S', async () => {
    const { core, user } = await ready();
    const id = [...core.visits.keys()][0] ?? '';
    await user.keyboard('p');
    await settle();
    expect(get('record-phase').dataset.phase).toBe('paused');
    expect(get('record-phase').textContent).toContain(t().record.phase.paused);
    await user.keyboard('p');
    await settle();
    expect(get('record-phase').dataset.phase).toBe('recording');

    core.emit({ type: 'recording', id, phase: 'recording', elapsed_ms: 90_000, saved_ms: 90_000, behind_ms: 0 });
    await settle();
    await user.keyboard('e');
    await user.click(await find('record-erase-confirm'));
    await settle();
    expect(core.calls.find((call) => call.command === 'recording_erase_last')?.args).toEqual({ ms: 60_000 });

    await user.keyboard('s');
    await settle();
    expect(get('consultation').dataset.stage).toBe('review');
  });

  it('goes on while another screen shows, and leads back', async () => {
    const { core, user } = await ready();
    const id = [...core.visits.keys()][0] ?? '';
    await user.click(get('back'));
    core.emit({ type: 'recording', id, phase: 'recording', elapsed_ms: 30_000, saved_ms: 30_000, behind_ms: 0 });
    await settle();
    expect(get('recording-elsewhere').textContent).toContain('0:30');
    await user.click(get('recording-elsewhere'));
    expect(await find('record-timer')).toBeTruthy();
  });

  it('that loses its microphone says what was kept', async () => {
    const { core } = await ready();
    const id = [...core.visits.keys()][0] ?? '';
    core.emit({ type: 'recording', id, phase: 'paused', elapsed_ms: 30_000, saved_ms: 30_000, behind_ms: 0 });
    core.emit({ type: 'problem', id, failure: { code: 'microphone_lost', details: { saved_ms: '30000' } } });
    await settle();
    expect(get('alert').textContent).toContain(t().failure.microphone_lost.message);
    expect(has('record-resume')).toBe(true);
  });

  it('that cannot start stays where it was', async () => {
    const { core, user } = await openApp({}, (c) => c.seed({ language: 'fr', state: 'consented', consent }));
    core.refusals.set('recording_start', { code: 'no_microphone', details: {} });
    await user.click(get('list-row'));
    await user.click(await find('record-start'));
    await settle();
    expect(get('alert').dataset.code).toBe('no_microphone');
    expect(has('record-start')).toBe(true);
  });
});

describe('what a crash left', () => {
  it('is offered for recovery, and its transcription can be followed and interrupted', async () => {
    const { core, user } = await openApp({}, (c) => c.seed({ language: 'fr', state: 'recording', consent, audio_ms: 754_000 }));
    expect(get('list-row').dataset.stage).toBe('interrupted');
    await user.click(get('list-row'));
    await user.click(await find('transcribe'));
    const id = [...core.visits.keys()][0] ?? '';
    core.emit({ type: 'progress', id, stage: 'transcribing', fraction: 0.42, remaining_ms: 65_000 });
    await settle();
    expect(get('processing').querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')).toBe('42');
    expect(get('processing').textContent).toContain('1\u00a0min\u00a005\u00a0s');
    await user.click(get('processing-cancel'));
    await settle();
    expect(get('alert').dataset.code).toBe('cancelled');
    expect(get('consultation').dataset.stage).toBe('untranscribed');
  });
});

describe('withdrawal and erasure', () => {
  const review = async () => {
    const opened = await openApp({}, (core) => core.seed({ language: 'fr', state: 'drafted', consent }, { note: true }));
    await opened.user.click(get('list-row'));
    await find('note');
    await opened.user.click(get('consultation-menu'));
    return opened;
  };

  it('of consent erases everything after a confirmation', async () => {
    const { core, user } = await review();
    await user.click(get('consultation-withdraw'));
    expect(core.calls.some((call) => call.command === 'consent_record')).toBe(false);
    await user.click(await find('withdraw-confirm'));
    await settle();
    expect(get('consultation').dataset.stage).toBe('withdrawn');
    expect(document.body.textContent).not.toContain('amlodipine');
  });

  it('of the consultation goes back to the list', async () => {
    const { core, user } = await review();
    await user.click(get('consultation-erase'));
    await user.click(await find('erase-confirm'));
    await settle();
    expect(session.route.name).toBe('day');
    expect(core.visits.size).toBe(0);
  });

  it('can be given up', async () => {
    const { core, user } = await review();
    await user.click(get('consultation-erase'));
    await user.click(await find('dialog-cancel'));
    await settle();
    expect(core.visits.size).toBe(1);
  });
});

describe('the help', () => {
  it('opens with F1 and with "?", and closes', async () => {
    await openApp();
    await fireEvent.keyDown(window, { key: 'F1' });
    expect(await find('help')).toBeTruthy();
    await fireEvent(get('help'), new Event('cancel', { cancelable: true }));
    await settle();
    expect(has('help')).toBe(false);
    await fireEvent.keyDown(document.body, { key: '?', shiftKey: true });
    expect(await find('help')).toBeTruthy();
  });
});

describe('while recording', () => {
  async function record() {
    const opened = await openApp({}, (core) => {
      core.seed({ language: 'fr', state: 'consented', consent });
    });
    const id = [...opened.core.visits.keys()][0] ?? '';
    session.go({ name: 'consultation', id });
    await find('record-start');
    await opened.user.keyboard('{Enter}');
    await find('record-timer');
    const report = (ms: number) => opened.core.emit({ type: 'recording', id, phase: 'recording', elapsed_ms: ms, saved_ms: ms, behind_ms: 0 });
    report(5_000);
    await settle();
    return { ...opened, id };
  }

  it('a moment is marked with M, and counted', async () => {
    const { core, user, id } = await record();
    await user.keyboard('m');
    await settle();
    expect(core.visit(id).markers).toHaveLength(1);
    expect(get('record-marks').dataset.count).toBe('1');
    expect(recording.markers).toHaveLength(1);
  });

  it('closing the window asks; the way back is under Enter, and the way out keeps the recording', async () => {
    const { core, user } = await record();
    core.emit({ type: 'close_asked' });
    await settle();
    expect((await find('close-confirm')).closest('dialog')?.textContent).toContain(t().record.closeText);
    await user.click(get('dialog-cancel'));
    await settle();
    expect(has('close-confirm')).toBe(false);
    expect(core.calls.some((call) => call.command === 'app_close')).toBe(false);
    core.emit({ type: 'close_asked' });
    await user.click(await find('close-confirm'));
    await settle();
    expect(core.calls.some((call) => call.command === 'app_close')).toBe(true);
  });
});
