import { describe, expect, it } from 'vitest';

import { t } from '../src/i18n/index.svelte';
import { PRACTICE } from '../src/ipc/mock/practice';
import type { Paper } from '../src/ipc/types';
import { session } from '../src/stores/session.svelte';
import { all, find, get, has, openApp, settle } from './app';

const signature = { author: 'Dr Claire Fontanel', at: '2026-11-23T10:00:00Z', sha256: '9'.repeat(64) };

async function openPapers(isSigned = true) {
  let id = '';
  const opened = await openApp({}, (core) => {
    id = core.seed(
      { language: 'fr', state: isSigned ? 'validated' : 'drafted' },
      isSigned ? { note: true, signature } : { note: true },
    );
  });
  session.go({ name: 'consultation', id });
  await find('consultation');
  await settle();
  return { ...opened, id };
}

describe('papers', () => {
  it('are offered once the note is signed', async () => {
    await openPapers(false);
    expect(has('papers-open')).toBe(false);
    expect(has('export-preview')).toBe(true);
  });

  it('are corrected, seen, signed and saved as PDF', async () => {
    const { core, user, id } = await openPapers();
    await user.click(get('papers-open'));
    expect((await find('papers')).textContent).toContain(t().papers.none);
    await user.click(get('papers').querySelector('[data-kind=prescription]') as HTMLElement);
    const lines = await screenLines();
    await user.clear(lines[0] as HTMLElement);
    await user.type(lines[0] as HTMLElement, 'Paracétamol 1 g × 3/j');
    await user.click([...get('papers').querySelectorAll('button')].find((b) => b.textContent?.includes(t().papers.fields.addLine)) as HTMLElement);
    await user.keyboard('Repos');
    await find('preview-page');
    await user.click(get('paper-sign'));
    await settle();
    const sent = core.calls.find((call) => call.command === 'paper_sign')?.args as { id: string; paper: Paper };
    expect(sent.id).toBe(id);
    const texts = sent.paper.sections.flatMap((section) => section.lines);
    expect(texts[0]?.text).toBe('Paracétamol 1 g × 3/j');
    expect(texts[0]?.statement, 'the link to the note stays').toBeTruthy();
    expect(texts[texts.length - 1]).toEqual({ text: 'Repos' });
    expect(core.calls.some((call) => call.command === 'paper_pdf')).toBe(true);
    expect(has('papers'), 'what was handed out is said where it can be seen').toBe(false);
    expect(get('notice').textContent).toContain('.pdf');
    await user.click(get('papers-open'));
    await settle();
    expect(all('paper-signed')).toHaveLength(1);
    await user.click(get('paper-copy'));
    await settle();
    expect(core.calls.some((call) => call.command === 'paper_copy')).toBe(true);
  });

  it('are printed once they are signed, from the keyboard, on the usual printer', async () => {
    const { core, user, id } = await openPapers();
    await user.click(get('papers-open'));
    await user.click(get('papers').querySelector('[data-kind=summary]') as HTMLElement);
    await user.click(await find('paper-sign'));
    await settle();
    await user.click(get('papers-open'));
    await settle();
    await user.click(get('paper-print'));
    await find('print-dialog');
    await settle();
    expect(document.activeElement, 'the way forward is under Enter').toBe(get('print-confirm'));
    await user.keyboard('{Enter}');
    await settle();
    const sent = core.calls.find((call) => call.command === 'paper_print')?.args;
    expect(sent).toEqual({ id, sha256: '0'.padStart(64, 'a'), printer: 'Bureau' });
    expect(has('papers')).toBe(false);
    expect(all('notice').some((notice) => notice.textContent.includes(t().printing.done))).toBe(true);
  });

  it('are not signed by nobody', async () => {
    const { user } = await openPapers();
    session.practice = { ...PRACTICE, letterhead: { ...PRACTICE.letterhead, doctor: '' } };
    await user.click(get('papers-open'));
    await user.click(get('papers').querySelector('[data-kind=summary]') as HTMLElement);
    await find('paper-sign');
    expect(get('paper-sign')).toHaveProperty('disabled', true);
    expect(get('papers').textContent).toContain(t().papers.noAuthor);
  });

  it('say in the dialog why they were refused, and keep what was written', async () => {
    const { core, user } = await openPapers();
    await user.click(get('papers-open'));
    await user.click(get('papers').querySelector('[data-kind=summary]') as HTMLElement);
    const line = (await screenLines())[0] as HTMLInputElement;
    await user.type(line, ' (relu)');
    core.refusals.set('paper_sign', { code: 'disk_full', details: {} });
    await user.click(get('paper-sign'));
    await settle();
    expect(get('papers').querySelector('[role=alert]')?.getAttribute('data-code')).toBe('disk_full');
    expect((all('paper-line')[0] as HTMLInputElement).value).toMatch(/\(relu\)$/);
  });

  it('go back to the choice with Escape, and lose nothing that was signed', async () => {
    const { user } = await openPapers();
    await user.click(get('papers-open'));
    await user.click(get('papers').querySelector('[data-kind=certificate]') as HTMLElement);
    await find('paper-sign');
    await user.click(get('dialog-cancel'));
    expect(has('paper-sign')).toBe(false);
    expect(has('papers')).toBe(true);
  });
});

async function screenLines(): Promise<HTMLElement[]> {
  await find('paper-sign');
  return all('paper-line');
}
