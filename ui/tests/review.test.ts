import { fireEvent, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { t } from '../src/i18n/index.svelte';
import type { Language } from '../src/ipc/types';
import { consultation } from '../src/stores/consultation.svelte';
import { playback } from '../src/stores/playback.svelte';
import { review } from '../src/stores/review.svelte';
import { all, find, get, has, openApp, settle } from './app';

const consent = { decision: 'informed', form: 'oral', at: '2026-11-23T09:00:00Z' } as const;

async function openReview(language: Language = 'fr') {
  const opened = await openApp({ language }, (core) => {
    core.seed({ language, state: 'drafted', consent }, { note: true });
  });
  await opened.user.click(get('list-row'));
  await find('note');
  await settle();
  const id = [...opened.core.visits.keys()][0] ?? '';
  return { ...opened, id };
}

const statement = (id: string) => document.querySelector<HTMLElement>(`[data-statement-id="${id}"]`);
const count = () => Number(get('doubt-count').dataset.count);
const lit = () => all('segment-lit').map((mark) => mark.textContent);
const edits = (core: Awaited<ReturnType<typeof openReview>>['core']) =>
  core.calls.filter((call) => call.command === 'note_edit').map((call) => call.args.edit);

describe('a statement and its source', () => {
  it('light up together, word for word', async () => {
    const { user } = await openReview();
    await user.click(statement('st-1')?.querySelector('button') as HTMLElement);
    await settle();
    expect(lit()).toEqual(['mal à la gorge depuis trois jours']);
  });

  it('light up in every segment they come from', async () => {
    const { user } = await openReview();
    await user.click(statement('st-10')?.querySelector('[data-select]') as HTMLElement);
    await settle();
    expect(lit()).toEqual(['De la fièvre ?', 'Oui, trente-huit cinq hier soir']);
  });

  it('sound together: Space plays exactly the passage, and stops it', async () => {
    const { core, user, id } = await openReview();
    await user.click(statement('st-1')?.querySelector('[data-select]') as HTMLElement);
    await user.keyboard(' ');
    await settle();
    const played = core.calls.find((call) => call.command === 'play')?.args;
    const words = core.visit(id).transcript.segments[1]?.words ?? [];
    expect(played).toEqual({
      id,
      startMs: words.find((w) => w.text === 'mal')?.start_ms,
      endMs: words.find((w) => w.text === 'jours,')?.end_ms,
      speed: 1,
    });
    core.emit({ type: 'playback', id, position_ms: (played?.startMs as number) + 50, playing: true });
    await settle();
    await user.keyboard(' ');
    await settle();
    expect(core.calls.some((call) => call.command === 'play_stop')).toBe(true);
  });

  it('sound one after the other: Space on the next one plays it, and does not only stop the former', async () => {
    const { core, user, id } = await openReview();
    await user.keyboard('n ');
    await settle();
    const [first] = core.calls.filter((call) => call.command === 'play');
    core.emit({ type: 'playback', id, position_ms: (first?.args.startMs as number) + 50, playing: true });
    await user.keyboard('n ');
    await settle();
    const played = core.calls.filter((call) => call.command === 'play');
    expect(played).toHaveLength(2);
    expect(played[1]?.args.startMs).not.toBe(first?.args.startMs);
    await user.keyboard(' ');
    await settle();
    expect(core.calls.filter((call) => call.command === 'play'), 'pressed again, it stops').toHaveLength(2);
  });

  it('are found back from the transcript', async () => {
    const { core, user, id } = await openReview();
    const row = document.querySelector<HTMLElement>('[data-segment="11"]');
    await user.click(row?.querySelector('.said') as HTMLElement);
    await settle();
    const segment = core.visit(id).transcript.segments[11];
    expect(core.calls.find((call) => call.command === 'play')?.args).toMatchObject({ startMs: segment?.start_ms, endMs: segment?.end_ms });
    await user.click(row?.querySelector('a') as HTMLElement);
    await settle();
    expect(statement('st-3')?.getAttribute('aria-current')).toBe('true');
  });

  it('are reached with the arrows', async () => {
    const { user } = await openReview();
    await user.click(statement('st-1')?.querySelector('[data-select]') as HTMLElement);
    await user.keyboard('{ArrowDown}');
    await settle();
    expect(document.activeElement?.closest('[data-statement-id]')?.getAttribute('data-statement-id')).toBe('st-2');
  });
});

describe('editing', () => {
  it('in place: Enter saves, Escape gives up', async () => {
    const { core, user } = await openReview();
    await user.click(statement('st-1')?.querySelector('[data-select]') as HTMLElement);
    await user.keyboard('e');
    await user.type(await find('statement-edit-input'), ' environ{Escape}');
    await settle();
    expect(edits(core)).toEqual([]);
    await user.keyboard('e');
    await user.type(await find('statement-edit-input'), ' environ{Enter}');
    await settle();
    expect(statement('st-1')?.textContent).toContain('Mal de gorge depuis 3 jours environ');
  });

  it('keeps what was typed when the core refuses it', async () => {
    const { core, user } = await openReview();
    await user.click(statement('st-1')?.querySelector('[data-select]') as HTMLElement);
    await user.keyboard('e');
    core.refusals.set('note_edit', { code: 'disk_full', details: {} });
    await user.type(await find('statement-edit-input'), ' bis{Enter}');
    await settle();
    expect(get('alert').dataset.code).toBe('disk_full');
    expect((get('statement-edit-input') as HTMLTextAreaElement).value).toContain('bis');
  });

  it('adds, removes, moves, and undoes all of it', async () => {
    const { user } = await openReview();
    const before = get('note').textContent;
    await user.click(statement('st-1')?.querySelector('[data-select]') as HTMLElement);
    await user.keyboard('a');
    await user.type(await find('statement-add-input'), 'Aphonie{Enter}');
    await settle();
    expect(statement('dr-1')?.closest('[data-section-id]')?.getAttribute('data-section-id')).toBe('motif');
    await user.keyboard('m');
    const target = all('move-target').find((button) => button.dataset.sectionId === 'suivi');
    await user.click(target as HTMLElement);
    await settle();
    expect(statement('dr-1')?.closest('[data-section-id]')?.getAttribute('data-section-id')).toBe('suivi');
    await fireEvent.keyDown(document.activeElement as Element, { key: '&', code: 'Digit1' });
    await settle();
    expect(statement('dr-1')?.closest('[data-section-id]')?.getAttribute('data-section-id')).toBe('motif');
    await user.keyboard('{Delete}');
    await settle();
    expect(statement('dr-1')).toBeNull();
    for (let step = 0; step < 4; step += 1) {
      await user.keyboard('{Control>}z{/Control}');
      await settle();
    }
    expect(statement('dr-1')).toBeNull();
    expect(get('undo')).toHaveProperty('disabled', true);
    expect(get('note').textContent?.replace(/\s+/g, '')).toContain(before?.slice(0, 20).replace(/\s+/g, ''));
    await user.keyboard('{Control>}y{/Control}');
    await settle();
    expect(statement('dr-1')?.textContent).toContain('Aphonie');
  });
});

describe('splitting, joining and ordering', () => {
  const order = () => [...document.querySelectorAll<HTMLElement>('[data-section-id=histoire] [data-statement-id]')].map((s) => s.dataset.statementId);

  it('cut a statement at the caret with Shift+Enter; both parts keep its source', async () => {
    const { core, user, id } = await openReview();
    await user.click(statement('st-1')?.querySelector('[data-select]') as HTMLElement);
    await user.keyboard('e');
    const area = (await find('statement-edit-input')) as HTMLTextAreaElement;
    const at = area.value.indexOf(' depuis');
    area.setSelectionRange(at, at);
    await user.keyboard('{Shift>}{Enter}{/Shift}');
    await settle();
    const note = core.visit(id).draft?.note;
    const parts = note?.sections.find((s) => s.statements.some((p) => p.id === 'st-1'))?.statements.slice(0, 2) ?? [];
    expect(parts.map((part) => part.text)).toEqual(['Mal de gorge', 'depuis 3 jours']);
    expect(parts[0]?.sources).toEqual(parts[1]?.sources);
    await user.keyboard('{Control>}z{/Control}');
    await settle();
    expect(statement('st-1')?.textContent).toContain('Mal de gorge depuis 3 jours');
  });

  it('join a statement to the one above it with J, and undo brings both back', async () => {
    const { user } = await openReview();
    const [first, second, ...rest] = order();
    await user.click(statement(second ?? '')?.querySelector('[data-select]') as HTMLElement);
    await user.keyboard('j');
    await settle();
    expect(order()).toEqual([first, ...rest]);
    expect(review.statement?.id).toBe(first);
    await user.keyboard('{Control>}z{/Control}');
    await settle();
    expect(order()).toEqual([first, second, ...rest]);
  });

  it('move a statement up and down in its section with Alt and the arrows', async () => {
    const { user } = await openReview();
    const [first, second] = order();
    await user.click(statement(second ?? '')?.querySelector('[data-select]') as HTMLElement);
    await user.keyboard('{Alt>}{ArrowUp}{/Alt}');
    await settle();
    expect(order().slice(0, 2)).toEqual([second, first]);
    expect(document.activeElement?.closest('[data-statement-id]')?.getAttribute('data-statement-id')).toBe(second);
    await user.keyboard('{Alt>}{ArrowUp}{/Alt}{Alt>}{ArrowDown}{/Alt}');
    await settle();
    expect(order().slice(0, 2)).toEqual([first, second]);
  });

  it('are told as saved, or as refused', async () => {
    const { core, user } = await openReview();
    expect(get('save-state').dataset.state).toBe('saved');
    core.refusals.set('note_edit', { code: 'disk_full', details: {} });
    await user.keyboard('{Enter}');
    await settle();
    expect(get('save-state').dataset.state).toBe('refused');
    await user.keyboard('{Enter}');
    await settle();
    expect(get('save-state').dataset.state).toBe('saved');
  });
});

describe('listening', () => {
  it('goes to the next and previous statement with the arrows, and plays each', async () => {
    const { core, user } = await openReview();
    await user.click(statement('st-1')?.querySelector('[data-select]') as HTMLElement);
    await user.keyboard('{ArrowRight}');
    await settle();
    expect(review.statement?.id).toBe('st-2');
    await user.keyboard('{ArrowLeft}');
    await settle();
    expect(review.statement?.id).toBe('st-1');
    expect(core.calls.filter((call) => call.command === 'play')).toHaveLength(2);
  });

  it('changes its speed on the way, from where it is', async () => {
    const { core, user, id } = await openReview();
    await user.keyboard(' ');
    await settle();
    const first = core.calls.find((call) => call.command === 'play')?.args;
    core.emit({ type: 'playback', id, position_ms: (first?.startMs as number) + 200, playing: true });
    await user.keyboard('v');
    await settle();
    expect(core.calls.filter((call) => call.command === 'play').at(-1)?.args).toEqual({
      ...first,
      startMs: (first?.startMs as number) + 200,
      speed: 1.25,
    });
    await user.keyboard('{Shift>}V{/Shift}l');
    await settle();
    expect([playback.speed, playback.isLooping]).toEqual([1, true]);
    playback.isLooping = false;
  });

  it('goes to what was marked while recording', async () => {
    const { core, user, id } = await openReview();
    expect(all('marker')).toEqual([]);
    core.visit(id).markers.push(31_000);
    await consultation.reload();
    await settle();
    expect(get('marker').dataset.ms).toBe('31000');
    await user.keyboard('r');
    await settle();
    const index = review.selected?.kind === 'segment' ? review.selected.index : -1;
    expect(core.visit(id).transcript.segments[index]?.start_ms).toBeLessThanOrEqual(31_000);
    expect(core.visit(id).transcript.segments[index + 1]?.start_ms).toBeGreaterThan(31_000);
  });
});

describe('an hour of speech', () => {
  it('shows its first lines at once, what is pointed at whenever it is, and soon all of it', async () => {
    const opened = await openApp({ lines: 600 }, (core) => {
      core.seed({ language: 'fr', state: 'drafted', consent }, { note: true });
    });
    await opened.user.click(get('list-row'));
    await find('note');
    expect(all('segment').length).toBeLessThan(200);
    review.select({ kind: 'segment', index: 590 });
    await settle();
    expect(document.activeElement?.closest('[data-segment]')?.getAttribute('data-segment')).toBe('590');
    await waitFor(() => expect(all('segment')).toHaveLength(600));
    expect(all('segment').map((row) => Number(row.dataset.segment))).toEqual(Array.from({ length: 600 }, (_, at) => at));
  });
});

describe('the doubt walk', () => {
  it('begins by itself at the first critical item, and shows its keys', async () => {
    await openReview();
    expect(get('note').closest('section')?.textContent).toContain(t().doubt.keys.remove);
    expect(count()).toBe(11);
    expect(review.statement?.id).toBe('st-3');
    expect(document.activeElement?.closest('[data-statement-id]')?.getAttribute('data-statement-id')).toBe('st-3');
  });

  it('goes with Tab, counts down with Enter, and ends at zero with Tab free again', async () => {
    const { user } = await openReview();
    await user.keyboard('{Tab}');
    await settle();
    expect(review.statement?.id).toBe('st-4');
    await user.keyboard('{Shift>}{Tab}{/Shift}');
    await settle();
    expect(review.statement?.id).toBe('st-3');
    for (let left = 11; left > 0; left -= 1) {
      expect(count()).toBe(left);
      await user.keyboard('{Enter}');
      await settle();
    }
    expect(count()).toBe(0);
    expect(get('doubt-count').textContent).toContain(t().doubt.none);
    expect(review.isWalking).toBe(false);
    const before = document.activeElement;
    await user.tab();
    expect(document.activeElement).not.toBe(before);
  });

  it('lets go of Tab on Escape', async () => {
    const { user } = await openReview();
    await user.keyboard('{Escape}');
    await settle();
    const selected = review.statement?.id;
    await user.tab();
    expect(review.statement?.id).toBe(selected);
  });

  it('makes a statement of an omission with one key, in the section named', async () => {
    const { user } = await openReview();
    await user.click(all('omission')[0]?.querySelector('[data-select]') as HTMLElement);
    await settle();
    expect(lit()).toEqual(['je dors très mal en ce moment, depuis un mois']);
    await fireEvent.keyDown(document.activeElement as Element, { key: '(', code: 'Digit5' });
    await settle();
    expect(all('omission')).toHaveLength(1);
    expect(statement('dr-1')?.closest('[data-section-id]')?.getAttribute('data-section-id')).toBe('mode_de_vie');
    await user.click(all('omission')[0]?.querySelector('[data-select]') as HTMLElement);
    await user.click(await find('omission-dismiss'));
    await settle();
    expect(all('omission')).toHaveLength(0);
  });
});

describe.each(['fr', 'en'] as const)('from review to export, in %s', (language) => {
  it('exports are refused by the core before validation, and the refusal is worded', async () => {
    const { core, user } = await openReview(language);
    for (const button of ['export-pdf', 'export-copy-plain', 'export-copy-rich'] as const) {
      await user.click(get(button));
      await settle();
      expect(get('alert').textContent).toContain(t().failure.not_validated.message);
      await user.click(get('alert-close'));
    }
    expect(core.calls.filter((call) => call.command.startsWith('export'))).toHaveLength(3);
  });

  it('validation waits for every critical item, then signs, freezes and exports', async () => {
    const { core, user } = await openReview(language);
    expect(get('validate').getAttribute('aria-disabled')).toBe('true');
    expect(get('validate-reason').textContent).not.toBe('');
    await user.click(get('validate'));
    await settle();
    expect(has('validate-confirm')).toBe(false);

    while (count() > 0) {
      await user.click(get('doubt-accept'));
      await settle();
    }
    await user.keyboard('{Control>}{Enter}{/Control}');
    const dialog = (await find('validate-confirm')).closest('dialog');
    expect(dialog?.textContent).toContain('Dr Claire Fontanel');
    expect(dialog?.textContent).toContain(t().validate.audioErased);
    await user.click(get('validate-confirm'));
    await settle();

    expect(get('consultation').dataset.stage).toBe('validated');
    expect(get('signature').textContent).toContain('Dr Claire Fontanel');
    expect(has('validate')).toBe(false);
    expect(has('statement-edit')).toBe(false);
    await user.click(get('export-pdf'));
    await settle();
    expect(all('notice').some((notice) => notice.dataset.path?.endsWith('.pdf'))).toBe(true);
    await user.click(get('export-copy-rich'));
    await settle();
    expect(core.calls.at(-2)).toMatchObject({ command: 'export_copy', args: { format: 'rich' } });
    expect(get('consultation').dataset.stage).toBe('exported');
  });
});
