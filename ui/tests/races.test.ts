import { describe, expect, it } from 'vitest';

import { get, find, openApp, settle } from './app';

const consent = { decision: 'informed', form: 'oral', at: '2026-11-23T09:00:00Z' } as const;

describe('work that fails before its start is told', () => {
  it('does not leave the screen waiting', async () => {
    const { core, user } = await openApp({}, (c) => c.seed({ language: 'fr', state: 'stopped', consent, audio_ms: 9000 }));
    const id = [...core.visits.keys()][0] ?? '';
    await user.click(get('list-row'));
    const real = core.call.bind(core);
    core.call = async (command, args) => {
      const answer = await real(command, args);
      if (command === 'transcribe') {
        core.busy.delete(id);
        core.emit({ type: 'problem', id, failure: { code: 'model_corrupt', details: {} } });
        await settle();
      }
      return answer;
    };
    await user.click(await find('transcribe'));
    await settle();
    expect(get('consultation').dataset.stage).toBe('untranscribed');
    expect(get('alert').dataset.code).toBe('model_corrupt');
  });
});

describe('the day', () => {
  it('follows work that ends elsewhere', async () => {
    const { core } = await openApp({}, (c) => c.seed({ language: 'fr', state: 'stopped', consent, audio_ms: 9000 }));
    const id = [...core.visits.keys()][0] ?? '';
    core.busy.add(id);
    core.emit({ type: 'problem', id: null, failure: { code: 'no_output', details: {} } });
    await settle();
    expect(get('list-row').dataset.stage).toBe('processing');
    core.busy.delete(id);
    core.visit(id).consultation.state = 'drafted';
    core.emit({ type: 'ready', id });
    await settle();
    expect(get('list-row').dataset.stage).toBe('review');
  });
});

describe('a search', () => {
  it('shows the answer to the last letters, whichever comes last', async () => {
    const { core, user } = await openApp({}, (c) => {
      c.seed({ language: 'fr', reason: 'angine' });
      c.seed({ language: 'fr', reason: 'anémie' });
    });
    const real = core.call.bind(core);
    core.call = async (command, args) => {
      const answer = await real(command, args);
      if (command === 'consultations' && args.query === 'an') await new Promise((done) => setTimeout(done, 30));
      return answer;
    };
    await user.type(get('list-search'), 'ang');
    await new Promise((done) => setTimeout(done, 60));
    await settle();
    expect(document.querySelectorAll('[data-consultation-id]')).toHaveLength(1);
  });
});
