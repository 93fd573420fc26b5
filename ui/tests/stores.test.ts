import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { MockCore } from '../src/ipc/mock/backend';
import { call, connect, Refusal } from '../src/ipc/transport';
import { alerts } from '../src/stores/alerts.svelte';
import { tellOfHands } from '../src/stores/idle';
import { playback } from '../src/stores/playback.svelte';

const still = { language: 'fr', theme: 'light', isMoving: false } as const;

describe('the way to the core', () => {
  it('gives a refusal its code and details', async () => {
    const core = new MockCore({ record: 'open', ...still });
    core.refusals.set('status', { code: 'read_only', details: { path: '/a' } });
    connect(core);
    await expect(call('status')).rejects.toMatchObject({ failure: { code: 'read_only', details: { path: '/a' } } });
  });

  it('never lets other text through: it becomes an internal failure', async () => {
    connect({ call: () => Promise.reject(new Error('stack trace with a name in it')), listen: () => Promise.resolve(() => {}) });
    const error: unknown = await call('status').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Refusal);
    expect((error as Refusal).failure).toEqual({ code: 'internal', details: {} });
  });
});

describe('alerts', () => {
  it('say the same thing once', () => {
    alerts.clear();
    alerts.raise({ code: 'disk_full', details: {} });
    alerts.raise({ code: 'disk_full', details: {} });
    expect(alerts.alerts).toHaveLength(1);
  });
});

describe('playback', () => {
  let core: MockCore;
  const id = () => [...core.visits.keys()][0] ?? '';
  const played = () => core.calls.filter((c) => c.command === 'play').map((c) => c.args.startMs);
  const heard = (position_ms: number, playing: boolean) => playback.update({ type: 'playback', id: id(), position_ms, playing });
  const turn = () => new Promise((done) => setTimeout(done, 0));

  beforeEach(() => {
    core = new MockCore({ record: 'open', ...still });
    core.seed({ language: 'fr', state: 'drafted' }, { note: true });
    connect(core);
    playback.reset();
    playback.isLooping = false;
  });

  it('plays one passage after the other', async () => {
    await playback.play(id(), [{ start_ms: 100, end_ms: 200 }, { start_ms: 900, end_ms: 950 }]);
    heard(150, true);
    heard(200, false);
    await turn();
    heard(920, true);
    heard(950, false);
    await turn();
    expect(played()).toEqual([100, 900]);
    expect(playback.isPlaying).toBe(false);
  });

  it('does not take the end of the former passage for its own', async () => {
    await playback.play(id(), [{ start_ms: 100, end_ms: 200 }]);
    heard(150, true);
    await playback.play(id(), [{ start_ms: 500, end_ms: 600 }, { start_ms: 900, end_ms: 950 }]);
    heard(160, false);
    await turn();
    expect(playback.isPlaying).toBe(true);
    expect(played()).toEqual([100, 500]);
  });

  it('begins again when it loops', async () => {
    playback.isLooping = true;
    await playback.play(id(), [{ start_ms: 100, end_ms: 200 }]);
    heard(150, true);
    heard(200, false);
    await turn();
    expect(played()).toEqual([100, 100]);
    await playback.stop();
  });

  it('that the core refuses is over, and says so', async () => {
    alerts.clear();
    core.refusals.set('play', { code: 'audio_erased', details: {} });
    await playback.play(id(), [{ start_ms: 100, end_ms: 200 }]);
    expect(playback.isPlaying).toBe(false);
    expect(alerts.alerts[0]?.failure.code).toBe('audio_erased');
  });
});

describe('hands on the machine', () => {
  let now = 0;
  let end = () => {};
  const told = () => core.calls.filter(({ command }) => command === 'hand').length;
  let core: MockCore;

  beforeEach(() => {
    core = new MockCore({ record: 'open', ...still });
    connect(core);
    now = 0;
    end = tellOfHands(() => now);
  });

  afterEach(() => end());

  const act = (event: Event) => window.dispatchEvent(event);

  it('are told of, and not at every move', () => {
    expect(told()).toBe(0);
    act(new Event('pointermove'));
    act(new Event('pointermove'));
    act(new KeyboardEvent('keydown', { key: 'a' }));
    expect(told()).toBe(1);
    now += 10_000;
    act(new KeyboardEvent('keydown', { key: 'a' }));
    expect(told()).toBe(2);
  });

  it('are told of again when the core did not hear', async () => {
    core.refusals.set('hand', { code: 'internal', details: {} });
    act(new Event('pointerdown'));
    await new Promise((done) => setTimeout(done, 0));
    act(new Event('pointerdown'));
    expect(told()).toBe(2);
  });
});
