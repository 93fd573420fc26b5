import axe from 'axe-core';
import { describe, expect, it } from 'vitest';

import { t } from '../src/i18n/index.svelte';
import { seedDay } from '../src/ipc/mock';
import type { MockCore } from '../src/ipc/mock/backend';
import type { Language } from '../src/ipc/types';
import { session } from '../src/stores/session.svelte';
import { find, get, openApp, settle } from './app';

const LANGUAGES = ['fr', 'en'] as const;

/** Roles, names and structure; colours are checked where there are pixels. */
async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
}

async function openDay(language: Language) {
  let seeded: Record<string, string> = {};
  const opened = await openApp({ language }, (core: MockCore) => {
    seeded = seedDay(core, language);
  });
  return { ...opened, seeded };
}

async function check(): Promise<void> {
  await settle();
  const said = document.body.textContent ?? '';
  expect(said).not.toMatch(/undefined|null|\[object|NaN|\{\w+\}/);
  expect(document.querySelectorAll('h1').length).toBeGreaterThan(0);
  expect(await faults()).toEqual([]);
}

describe.each(LANGUAGES)('in %s', (language) => {
  it('the first run stands', async () => {
    await openApp({ record: 'absent', language });
    await check();
  });

  it('the unlock screen stands', async () => {
    await openApp({ record: 'locked', language });
    await check();
  });

  it('the day stands, with every stage', async () => {
    await openDay(language);
    expect(document.querySelectorAll('[data-stage]').length).toBeGreaterThan(6);
    await check();
  });

  it('an empty day stands', async () => {
    await openApp({ language });
    await check();
  });

  it('the new consultation stands', async () => {
    await openApp({ language });
    session.go({ name: 'new' });
    await find('new-form');
    await check();
  });

  it('the settings stand', async () => {
    await openApp({ language });
    session.go({ name: 'settings' });
    await find('settings');
    await check();
  });

  it('the record of a patient stands, with a course and without', async () => {
    const { core, seeded } = await openDay(language);
    for (const name of ['followed', 'drafted']) {
      const file = (await core.call('patient_of', { id: seeded[name] })) as { id: string };
      session.go({ name: 'patient', id: file.id });
      await find('patient');
      await check();
    }
  });

  it('the help stands', async () => {
    await openApp({ language });
    session.isHelpOpen = true;
    expect((await find('help')).textContent).toContain(t().help.title);
    await check();
  });

  it.each([
    ['created', 'consent'],
    ['consented', 'ready'],
    ['interrupted', 'interrupted'],
    ['untranscribed', 'untranscribed'],
    ['drafted', 'review'],
    ['validated', 'validated'],
    ['exported', 'exported'],
  ])('the consultation stands when %s', async (name, stage) => {
    const { seeded } = await openDay(language);
    session.go({ name: 'consultation', id: seeded[name] ?? '' });
    await find('consultation');
    await settle();
    expect(get('consultation').dataset.stage).toBe(stage);
    await check();
  });

  it('the papers stand, chosen and being written', async () => {
    const { seeded } = await openDay(language);
    session.go({ name: 'consultation', id: seeded.validated ?? '' });
    (await find('papers-open')).click();
    await find('papers');
    await check();
    get('papers').querySelector<HTMLElement>('[data-kind=referral]')?.click();
    await find('preview-page');
    await check();
  });

  it('the page as it will print stands', async () => {
    const { seeded } = await openDay(language);
    session.go({ name: 'consultation', id: seeded.drafted ?? '' });
    (await find('export-preview')).click();
    await find('preview-page');
    await check();
  });

  it('the recording and the work after it stand', async () => {
    const { core, seeded } = await openDay(language);
    const id = seeded.consented ?? '';
    session.go({ name: 'consultation', id });
    await find('record-start');
    get('record-start').click();
    await find('record-timer');
    await check();
    core.emit({ type: 'recording', id, phase: 'stopping', elapsed_ms: 1000, saved_ms: 1000, behind_ms: 0 });
    core.emit({ type: 'recording', id, phase: 'stopped', elapsed_ms: 1000, saved_ms: 1000, behind_ms: 0 });
    core.emit({ type: 'progress', id, stage: 'transcribing', fraction: 0.4, remaining_ms: 30_000 });
    await find('processing');
    await check();
  });
});
