import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { MockCore } from '../src/ipc/mock/backend';
import { call, connect, Refusal } from '../src/ipc/transport';
import { alerts } from '../src/stores/alerts.svelte';
import { idleLock } from '../src/stores/idle';
import { playback } from '../src/stores/playback.svelte';
import { recording } from '../src/stores/recording.svelte';
import { session } from '../src/stores/session.svelte';

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

describe('the idle lock', () => {
  let now = 0;
  const lock = vi.fn();
  let end = () => {};

  beforeEach(async () => {
    const core = new MockCore({ record: 'open', ...still });
    connect(core);
    await session.start();
    recording.end();
    vi.useFakeTimers();
    now = 0;
    lock.mockClear();
    end = idleLock(lock, () => now);
  });

  afterEach(() => {
    end();
    vi.useRealTimers();
  });

  const pass = (minutes: number) => {
    now += minutes * 60_000;
    vi.advanceTimersByTime(6_000);
  };

  it('locks after the minutes of the practice', () => {
    pass(9);
    expect(lock).not.toHaveBeenCalled();
    pass(1.1);
    expect(lock).toHaveBeenCalledOnce();
  });

  it('counts from the last key or pointer', () => {
    pass(9);
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }));
    pass(9);
    expect(lock).not.toHaveBeenCalled();
  });

  it('is held back by a running recording, and not by a paused one', () => {
    const event = { type: 'recording', id: 'x', elapsed_ms: 1, saved_ms: 1, behind_ms: 0 } as const;
    recording.update({ ...event, phase: 'recording' });
    pass(30);
    expect(lock).not.toHaveBeenCalled();
    recording.update({ ...event, phase: 'paused' });
    pass(11);
    expect(lock).toHaveBeenCalledOnce();
  });
});
