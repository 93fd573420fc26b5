import { afterEach, describe, expect, it } from 'vitest';

import { t } from '../src/i18n/index.svelte';
import { seedDay } from '../src/ipc/mock';
import { dictation } from '../src/stores/dictation.svelte';
import { exercise } from '../src/stores/exercise.svelte';
import { review } from '../src/stores/review.svelte';
import { session } from '../src/stores/session.svelte';
import { all, find, get, has, openApp, settle } from './app';

afterEach(() => {
  dictation.forget();
  exercise.now = null;
});

async function openVisit(stage: 'drafted' | 'validated') {
  let seeded: Record<string, string> = {};
  const opened = await openApp({}, (core) => {
    seeded = seedDay(core, 'fr');
  });
  const id = seeded[stage] ?? '';
  session.go({ name: 'consultation', id });
  await find('consultation');
  await settle();
  const asked = (command: string) => opened.core.calls.filter((call) => call.command === command);
  return { ...opened, id, asked };
}

describe('the exercise', () => {
  it('is offered on an empty day, says what it is, and goes with one click', async () => {
    const { core, user } = await openApp();
    await find('exercise');
    await user.click(get('exercise-start'));
    await find('exercise-band');
    expect(document.querySelector('h1')?.textContent).toContain(t().exercise.title);
    await user.click(get('consultation-menu'));
    expect(has('consultation-patient'), 'nobody is named').toBe(false);
    expect(has('consultation-withdraw')).toBe(false);
    await user.keyboard('{Escape}');
    await user.click(get('exercise-erase'));
    await settle();
    expect(core.calls.some((call) => call.command === 'exercise_erase')).toBe(true);
    expect(session.route.name).toBe('day');
    expect(get('notice').textContent).toContain(t().exercise.erased);
  });

  it('is kept apart from the visits of the day', async () => {
    const { core, user } = await openApp({}, (mock) => void seedDay(mock, 'fr'));
    expect(has('exercise'), 'it is not offered where there is work').toBe(false);
    const rows = all('list-row').length;
    await core.call('exercise_start', { language: 'fr' });
    session.go({ name: 'settings' });
    await find('settings');
    session.go({ name: 'day' });
    await find('exercise-resume');
    await settle();
    expect(all('list-row')).toHaveLength(rows);
    await user.click(get('exercise-resume'));
    await find('exercise-band');
  });
});

describe('a dictation', () => {
  it('is begun by a key, shown as it comes, inserted by Enter and undone at once', async () => {
    const { user, asked } = await openVisit('drafted');
    const before = review.all.length;
    await user.keyboard('t');
    const line = await find('dictation');
    await settle();
    expect(line.dataset.phase).toBe('listening');
    expect(line.textContent).toContain('Arrêt de travail de trois jours,');
    expect(line.textContent).toContain(t().dictation.privacy);
    await user.keyboard('{Enter}');
    await settle();
    expect(has('dictation')).toBe(false);
    expect(asked('dictation_finish')).toHaveLength(1);
    expect(review.all).toHaveLength(before + 1);
    expect(review.statement?.author).toBe('doctor');
    expect(review.statement?.sources).toEqual([]);
    await user.keyboard('{Control>}z{/Control}');
    await settle();
    expect(review.all).toHaveLength(before);
  });

  it('is given up by Escape, and by leaving', async () => {
    const { user, asked } = await openVisit('drafted');
    const before = review.all.length;
    await user.click(all('dictate')[0] as HTMLElement);
    await find('dictation');
    await user.keyboard('{Escape}');
    await settle();
    expect(has('dictation')).toBe(false);
    expect(asked('dictation_cancel')).toHaveLength(1);
    expect(review.all).toHaveLength(before);
    await user.click(all('dictate')[0] as HTMLElement);
    await find('dictation');
    session.go({ name: 'day' });
    await settle();
    expect(asked('dictation_cancel')).toHaveLength(2);
  });

  it('says what to do when it cannot begin, and when no word was understood', async () => {
    const { core, user } = await openVisit('drafted');
    core.refusals.set('dictation_start', { code: 'no_microphone', details: {} });
    await user.keyboard('t');
    await settle();
    expect(has('dictation')).toBe(false);
    expect(get('alert').dataset.code).toBe('no_microphone');
    core.refusals.set('dictation_finish', { code: 'nothing_heard', details: {} });
    await user.keyboard('t');
    await find('dictation');
    await user.keyboard('t');
    await settle();
    expect(all('alert').some((alert) => alert.dataset.code === 'nothing_heard')).toBe(true);
    expect(has('dictation')).toBe(false);
  });

  it('shows that it stopped by itself, and keeps what was understood', async () => {
    const { core, user, id } = await openVisit('drafted');
    await user.keyboard('t');
    await find('dictation');
    core.emit({ type: 'dictation', id, phase: 'failed', text: 'Repos', tentative: '' });
    await settle();
    expect(get('dictation').dataset.phase).toBe('failed');
    expect(get('dictation').textContent).toContain('Repos');
    expect(get('dictation-finish')).toBeTruthy();
  });
});

describe('a signed note', () => {
  it('is copied section by section, plain and rich', async () => {
    const { user, asked } = await openVisit('validated');
    await user.click(all('section-copy')[0] as HTMLElement);
    await user.click(all('section-copy-rich')[1] as HTMLElement);
    await settle();
    const formats = asked('export_copy_section').map((call) => call.args.format);
    expect(formats).toEqual(['plain', 'rich']);
  });

  it('is printed on the printer chosen', async () => {
    const { user, asked } = await openVisit('validated');
    await user.click(get('export-print'));
    await find('print-dialog');
    await settle();
    const select = get('print-dialog').querySelector('select');
    expect(select?.value, 'the usual one first').toBe('Bureau');
    await user.selectOptions(select as HTMLSelectElement, 'Accueil');
    await user.click(get('print-confirm'));
    await settle();
    expect(asked('export_print')[0]?.args.printer).toBe('Accueil');
    expect(has('print-dialog')).toBe(false);
    expect(get('notice').textContent).toContain(t().printing.done);
  });

  it('says in the dialog that no print service is there, and does not offer to print', async () => {
    const { core, user } = await openVisit('validated');
    core.refusals.set('printers', { code: 'no_print_system', details: {} });
    await user.click(get('export-print'));
    await settle();
    expect(get('alert').dataset.code).toBe('no_print_system');
    expect((get('print-confirm') as HTMLButtonElement).disabled).toBe(true);
  });

  it('shows its acts, and whether the record of them holds', async () => {
    const { core, user } = await openVisit('validated');
    await user.click(get('consultation-menu'));
    await user.click(get('consultation-acts'));
    await find('acts');
    await settle();
    expect(get('acts').textContent).toContain(t().acts.intact(412));
    expect(all('act').map((row) => row.dataset.act)).toContain('validate');
    expect(core.calls.some((call) => call.command === 'audit_verify')).toBe(true);
  });
});

describe('the template of a kind of visit', () => {
  it('is there again at the next visit for the same reason', async () => {
    const { user, core, id } = await openVisit('drafted');
    await user.selectOptions(get('note-template'), '0');
    await settle();
    const reason = core.visit(id).consultation.reason ?? '';
    expect(session.practice?.template_of[reason]).toBe('Suivi de diabète');
    session.go({ name: 'day' });
    await settle();
    session.go({ name: 'consultation', id });
    await find('note-template');
    await settle();
    expect((get('note-template') as HTMLSelectElement).value).toBe('0');
  });
});
