import { describe, expect, it } from 'vitest';

import { seedDay } from '../src/ipc/mock';
import type { MockCore } from '../src/ipc/mock/backend';
import { session } from '../src/stores/session.svelte';
import { all, find, get, has, openApp, settle } from './app';

async function openDay() {
  let seeded: Record<string, string> = {};
  const opened = await openApp({}, (core: MockCore) => {
    seeded = seedDay(core, 'fr');
  });
  return { ...opened, seeded };
}

describe('the record of a patient', () => {
  it('opens from the consultation with one key, and tells allergies, treatments and measures', async () => {
    const { user, seeded } = await openDay();
    session.go({ name: 'consultation', id: seeded.followed ?? '' });
    await find('patient-open');
    await user.keyboard('d');
    await find('patient');
    await settle();
    expect(get('patient-allergies').textContent).toContain('Pénicilline');
    expect(get('patient-treatments').textContent).toContain('Metformine 1 000 mg');
    expect(all('curve').map((curve) => curve.dataset.series)).toContain('HbA1c');
  });

  it('gives every curve as a table to those who cannot see it', async () => {
    const { seeded } = await openDay();
    session.go({ name: 'consultation', id: seeded.followed ?? '' });
    (await find('patient-open')).click();
    await find('patient');
    await settle();
    const pressure = all('curve').find((curve) => curve.dataset.series === 'Pression artérielle');
    expect(pressure?.querySelectorAll('table tbody tr')).toHaveLength(7);
    expect(pressure?.querySelector('table')?.textContent).toContain('134/80');
  });

  it('is found by searching a name on the day', async () => {
    const { user } = await openDay();
    await user.type(get('list-search'), 'marchand');
    await find('patient-found');
    get('patient-found').click();
    await find('patient-new');
    expect(document.querySelector('h1')?.textContent).toContain('Odile Marchand');
  });

  it('begins the next consultation without typing anything again', async () => {
    const { user, seeded } = await openDay();
    session.go({ name: 'consultation', id: seeded.followed ?? '' });
    await find('patient-open');
    await user.keyboard('d');
    await find('patient-new');
    await user.keyboard('n');
    await find('consent');
    expect(document.querySelector('h1')?.textContent).toContain('Odile Marchand');
  });

  it('is erased for a reason only, and then is nowhere', async () => {
    const { user, core, seeded } = await openDay();
    session.go({ name: 'consultation', id: seeded.followed ?? '' });
    (await find('patient-open')).click();
    await find('patient-menu');
    get('patient-menu').click();
    (await find('patient-erase')).click();
    await find('erase-confirm');
    expect(get('erase-confirm')).toHaveProperty('disabled', true);
    await user.type(get('reason'), 'demande du patient');
    await user.click(get('erase-confirm'));
    await find('list');
    expect(core.calls.filter(({ command }) => command === 'patient_erase')).toHaveLength(1);
    expect([...core.visits.values()].some(({ consultation }) => consultation.patient?.name === 'Odile Marchand')).toBe(false);
  });
});

describe('an addendum', () => {
  it('adds a version to the signed note and shows what it changed', async () => {
    const { user, core, seeded } = await openDay();
    session.go({ name: 'consultation', id: seeded.validated ?? '' });
    await find('signature');
    get('consultation-menu').click();
    (await find('addendum-begin')).click();
    await find('addendum-discard');
    expect(has('export-pdf')).toBe(false);
    all('statement-add')[0]?.click();
    await user.type(await find('statement-add-input'), 'Rappeler les résultats{Enter}');
    await settle();
    get('validate').click();
    (await find('validate-confirm')).click();
    await find('signature');
    expect(core.calls.some(({ command }) => command === 'addendum_sign')).toBe(true);
    get('consultation-menu').click();
    (await find('consultation-versions')).click();
    await find('versions');
    await settle();
    expect(all('version').map((version) => version.dataset.kind)).toEqual(['addendum', 'validated']);
    expect(get('versions').querySelector('[data-change=added]')?.textContent).toContain('Rappeler les résultats');
  });

  it('leaves the signed note as it was when it is given up', async () => {
    const { user, seeded } = await openDay();
    session.go({ name: 'consultation', id: seeded.validated ?? '' });
    await find('signature');
    const before = get('note').textContent;
    get('consultation-menu').click();
    (await find('addendum-begin')).click();
    await find('addendum-discard');
    all('statement-add')[0]?.click();
    await user.type(await find('statement-add-input'), 'Rien de tel{Enter}');
    await settle();
    get('addendum-discard').click();
    (await find('addendum-discard-confirm')).click();
    await find('signature');
    expect(get('note').textContent).toBe(before);
  });
});

describe('the settings', () => {
  it('give an action another key, refuse a taken one, and use it at once', async () => {
    const { user, core } = await openDay();
    session.go({ name: 'settings' });
    await find('settings');
    const row = () => all('shortcut').find((shortcut) => shortcut.dataset.action === 'create');
    row()?.querySelector<HTMLElement>('[data-testid=shortcut-change]')?.click();
    await settle();
    await user.keyboard('f');
    expect(row()?.querySelector('[role=alert]')).not.toBeNull();
    await user.keyboard('w');
    await settle();
    expect(row()?.querySelector('kbd')?.textContent).toBe('W');
    expect(core.calls.some(({ command }) => command === 'preferences_save')).toBe(true);
    session.go({ name: 'day' });
    await find('list');
    await user.keyboard('w');
    await find('new-form');
  });

  it('look into a copy before restoring it, and say what would be lost', async () => {
    const { user } = await openDay();
    session.go({ name: 'settings' });
    (await find('backup-last')).scrollIntoView();
    all('backup-restore')[0]?.click();
    await user.type(await find('restore-secret'), 'roseau encre papyrus aube');
    get('restore-look').click();
    await find('restore-confirm');
    expect(document.querySelector('dialog')?.textContent).toContain('9 consultations');
  });
});
