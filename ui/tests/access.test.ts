import { fireEvent } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { PASSPHRASE, RECOVERY } from '../src/ipc/mock/practice';
import { t } from '../src/i18n/index.svelte';
import { recording } from '../src/stores/recording.svelte';
import { session } from '../src/stores/session.svelte';
import { all, find, get, has, openApp, settle } from './app';

const GOOD = 'lanterne brume cerisier galet';

describe('the first run', () => {
  it('goes from the language to the list: passphrase, practice, microphone, model, recovery code', async () => {
    const { core, user } = await openApp({ record: 'absent' });
    expect(get('first-run').textContent).toContain('Bienvenue');
    await user.click(get('first-run-next'));

    // A weak passphrase, or two that differ, do not pass.
    await user.type(await find('first-run-passphrase'), 'soleil');
    await user.type(get('first-run-passphrase-again'), 'soleil');
    await settle();
    expect(get('first-run-next')).toHaveProperty('disabled', true);
    await user.clear(get('first-run-passphrase'));
    await user.type(get('first-run-passphrase'), GOOD);
    await user.clear(get('first-run-passphrase-again'));
    await user.type(get('first-run-passphrase-again'), 'autre');
    await settle();
    expect(get('first-run-next')).toHaveProperty('disabled', true);
    expect(get('first-run').textContent).toContain(t().firstRun.passphrase.mismatch);
    await user.clear(get('first-run-passphrase-again'));
    await user.type(get('first-run-passphrase-again'), GOOD);
    await settle();
    await user.click(get('first-run-next'));

    expect(get('first-run-next')).toHaveProperty('disabled', true);
    await user.type(await find('first-run-doctor'), 'Dr Claire Fontanel');
    await user.type(get('first-run-rpps'), '10100000001');
    await user.type(get('first-run-address'), '12 rue des Tanneurs\n37000 Tours');
    await user.tab();
    await user.click(get('first-run-next'));

    await find('first-run-microphone');
    await settle();
    expect(core.calls.some((call) => call.command === 'microphone_test')).toBe(true);
    await user.click(get('first-run-next'));
    expect(core.calls.some((call) => call.command === 'microphone_test_stop')).toBe(true);

    expect((await find('first-run-model')).textContent).toContain(t().settings.model.ready);
    await user.click(get('first-run-next'));

    expect((await find('recovery-code')).textContent).toBe(RECOVERY);
    expect(get('recovery-done')).toHaveProperty('disabled', true);
    await user.click(get('recovery-kept'));
    await user.click(get('recovery-done'));
    expect(await find('list')).toBeTruthy();

    const created = core.calls.find((call) => call.command === 'record_create');
    expect(created?.args).toMatchObject({
      passphrase: GOOD,
      practice: { letterhead: { doctor: 'Dr Claire Fontanel', address: ['12 rue des Tanneurs', '37000 Tours'] } },
    });
  });

  it('ends with a practice visit for whoever wants one', async () => {
    const { core, user } = await openApp({ record: 'absent' });
    await user.click(get('first-run-next'));
    await user.type(await find('first-run-passphrase'), GOOD);
    await user.type(get('first-run-passphrase-again'), GOOD);
    await settle();
    await user.click(get('first-run-next'));
    await user.type(await find('first-run-doctor'), 'Dr Claire Fontanel');
    await user.click(get('first-run-next'));
    await user.click(get('first-run-next'));
    await user.click(get('first-run-next'));
    expect(await find('recovery-try')).toHaveProperty('disabled', true);
    await user.click(get('recovery-kept'));
    await user.click(get('recovery-try'));
    await find('exercise-band');
    expect(core.calls.filter((call) => call.command === 'exercise_start')).toHaveLength(1);
  });

  it('speaks English as soon as English is chosen', async () => {
    const { user } = await openApp({ record: 'absent' });
    await user.click(all('first-run-language').find((radio) => radio.dataset.value === 'en') as HTMLElement);
    await settle();
    expect(get('first-run').textContent).toContain('Welcome');
    expect(document.documentElement.lang).toBe('en');
  });

  it('keeps what was typed when the core refuses, and says why', async () => {
    const { core, user } = await openApp({ record: 'absent' });
    core.refusals.set('record_create', { code: 'disk_full', details: {} });
    await user.click(get('first-run-next'));
    await user.type(await find('first-run-passphrase'), GOOD);
    await user.type(get('first-run-passphrase-again'), GOOD);
    await settle();
    await user.click(get('first-run-next'));
    await user.type(await find('first-run-doctor'), 'Dr A');
    for (let step = 0; step < 3; step += 1) {
      await user.click(get('first-run-next'));
      await settle();
    }
    expect(get('alert').textContent).toContain(t().failure.disk_full.message);
    expect(has('recovery-code')).toBe(false);
    await user.click(get('first-run-next'));
    expect(await find('recovery-code')).toBeTruthy();
  });
});

describe('unlocking', () => {
  it('opens the list with the passphrase', async () => {
    const { user } = await openApp({ record: 'locked' });
    expect(document.activeElement).toBe(get('unlock-passphrase'));
    await user.type(get('unlock-passphrase'), `${PASSPHRASE}{Enter}`);
    expect(await find('list')).toBeTruthy();
  });

  it('says in words that a passphrase is wrong, and lets try again', async () => {
    const { user } = await openApp({ record: 'locked' });
    await user.type(get('unlock-passphrase'), 'pas la bonne{Enter}');
    const alert = await find('alert');
    expect(alert.getAttribute('role')).toBe('alert');
    expect(alert.textContent).toContain(t().failure.wrong_passphrase.message);
    expect(alert.textContent).not.toContain('wrong_passphrase');
    await user.clear(get('unlock-passphrase'));
    await user.type(get('unlock-passphrase'), `${PASSPHRASE}{Enter}`);
    expect(await find('list')).toBeTruthy();
  });

  it('opens with the recovery code and gives a new one', async () => {
    const { core, user } = await openApp({ record: 'locked' });
    await user.click(get('unlock-forgotten'));
    await user.type(get('recover-code'), RECOVERY);
    await user.type(get('recover-passphrase'), GOOD);
    await user.type(get('recover-passphrase-again'), GOOD);
    await settle();
    await user.click(get('recover-submit'));
    expect((await find('recovery-code')).textContent).not.toBe(RECOVERY);
    await user.click(get('recovery-kept'));
    await user.click(get('recovery-done'));
    expect(await find('list')).toBeTruthy();
    expect(core.calls.find((call) => call.command === 'record_recover')?.args.passphrase).toBe(GOOD);
  });
});

describe('locking', () => {
  it('takes every trace of a patient off the screen', async () => {
    await openApp({}, (core) => {
      core.seed({ language: 'fr', patient: { name: 'Odile Marchand', identifier: null, birth_date: null } });
    });
    expect(get('list').textContent).toContain('Odile Marchand');
    await fireEvent.keyDown(window, { key: 'l', ctrlKey: true });
    expect(await find('unlock')).toBeTruthy();
    expect(document.body.textContent).not.toContain('Odile Marchand');
  });
});

describe('a screen that locks by itself', () => {
  async function overARecording() {
    let id = '';
    const app = await openApp({}, (core) => {
      const consent = { decision: 'informed', form: 'oral', at: new Date().toISOString() } as const;
      id = core.seed({ language: 'fr', state: 'consented', consent, patient: { identifier: null, name: 'Paul Essai', birth_date: null } });
    });
    session.go({ name: 'consultation', id });
    await app.user.click(await find('record-start'));
    await settle();
    app.core.advance(30_000, 5_000);
    await settle();
    return { ...app, id };
  }

  it('covers a recording, which goes on, and leaves nothing of the patient on it', async () => {
    const { core, id } = await overARecording();
    const heard = core.visit(id).transcript.segments[0]?.text ?? '';
    expect(heard.length).toBeGreaterThan(5);
    expect(document.body.textContent).toContain('Paul Essai');

    core.lock();
    await settle();
    expect(has('unlock')).toBe(true);
    expect(document.body.textContent).toContain(t().unlock.recordingGoesOn);
    expect(document.body.textContent).not.toContain('Paul Essai');
    expect(document.body.textContent).not.toContain(heard.slice(0, 12));
    expect(core.status().recording).toBe(id);
    expect(core.calls.some(({ command }) => /recording_(stop|pause)/.test(command))).toBe(false);
  });

  it('opens on the recording again, with all that was said meanwhile', async () => {
    const { core, user, id } = await overARecording();
    core.lock();
    await settle();
    // What is said behind the lock reaches the record, not the screen.
    core.advance(30_000, 1_000);
    await settle();
    await user.type(get('unlock-passphrase'), `${PASSPHRASE}{Enter}`);
    await settle();
    expect(get('consultation').dataset.stage).toBe('recording');
    const { segments } = core.visit(id).transcript;
    expect(segments.length).toBeGreaterThan(2);
    expect(recording.segments.map((segment) => segment.index).sort((a, b) => a - b)).toEqual(segments.map((segment) => segment.index));
  });
});
