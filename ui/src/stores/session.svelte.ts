import { language, setLanguage } from '../i18n/index.svelte';
import { core } from '../ipc/client';
import type { Practice, Preferences, Status } from '../ipc/types';
import { chooseKeys } from '../keys/keymap';
import { applyTheme } from '../styles/theme';
import { alerts, attempt } from './alerts.svelte';

export type Route =
  | { name: 'day' }
  | { name: 'new' }
  | { name: 'consultation'; id: string }
  | { name: 'patient'; id: string }
  | { name: 'settings'; section?: string | undefined };

/** Who is here, what is open, and which screen shows. */
class Session {
  status = $state.raw<Status | null>(null);
  practice = $state.raw<Practice | null>(null);
  route = $state.raw<Route>({ name: 'day' });
  isHelpOpen = $state(false);
  /** The window was asked to close while a recording runs. */
  isCloseAsked = $state(false);
  /** The first run lasts until the recovery code was kept, although the record is open before. */
  isFirstRun = $state(false);

  async start(): Promise<void> {
    const status = await attempt(core.status());
    if (status === undefined) return;
    this.take(status);
    this.isFirstRun = status.record === 'absent';
    if (status.record === 'open') await this.loadPractice();
  }

  take(status: Status): void {
    this.status = status;
    setLanguage(status.preferences.language);
    applyTheme(status.preferences.theme);
    chooseKeys(status.preferences.shortcuts);
  }

  async refresh(): Promise<void> {
    const status = await attempt(core.status());
    if (status !== undefined) this.take(status);
  }

  async opened(status?: Status): Promise<void> {
    if (status === undefined) await this.refresh();
    else this.take(status);
    await this.loadPractice();
    this.isFirstRun = false;
    const recording = this.status?.recording ?? null;
    this.route = recording === null ? { name: 'day' } : { name: 'consultation', id: recording };
  }

  async loadPractice(): Promise<void> {
    this.practice = (await attempt(core.practice())) ?? this.practice;
  }

  async savePractice(practice: Practice): Promise<boolean> {
    const saved = await attempt(core.practiceSave(practice));
    if (saved !== undefined) this.practice = saved;
    return saved !== undefined;
  }

  async prefer(change: Partial<Preferences>): Promise<boolean> {
    const now = this.status?.preferences ?? { language: language(), theme: 'system', microphone: null };
    const status = await attempt(core.preferencesSave({ ...now, ...change }));
    if (status !== undefined) this.take(status);
    return status !== undefined;
  }

  async lock(): Promise<void> {
    const status = await attempt(core.recordLock());
    if (status !== undefined) this.locked(status);
  }

  /** Nothing of a patient stays in memory or on screen. */
  locked(status?: Status): void {
    this.practice = null;
    this.route = { name: 'day' };
    this.isHelpOpen = false;
    alerts.clear();
    if (status !== undefined) this.take(status);
    else void this.refresh();
  }

  go(route: Route): void {
    this.route = route;
  }
}

export const session = new Session();
