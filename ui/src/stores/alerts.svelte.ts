import { Refusal } from '../ipc/transport';
import type { Failure } from '../ipc/types';

export interface Alert {
  key: number;
  failure: Failure;
}

/** Something that went well, said for a while. */
export interface Notice {
  key: number;
  text: string;
  /** A file to show in its folder. */
  path?: string | undefined;
}

const NOTICE_MS = 8000;

class Alerts {
  alerts = $state.raw<Alert[]>([]);
  notices = $state.raw<Notice[]>([]);
  #keys = 0;

  raise(failure: Failure): void {
    // The same one twice says nothing more: the newer takes the place of the older.
    const others = this.alerts.filter((alert) => alert.failure.code !== failure.code);
    this.alerts = [...others, { key: (this.#keys += 1), failure }];
  }

  dismiss(key: number): void {
    this.alerts = this.alerts.filter((alert) => alert.key !== key);
    this.notices = this.notices.filter((notice) => notice.key !== key);
  }

  say(text: string, path?: string): void {
    const key = (this.#keys += 1);
    this.notices = [...this.notices.slice(-1), { key, text, path }];
    setTimeout(() => this.dismiss(key), NOTICE_MS);
  }

  clear(): void {
    this.alerts = [];
    this.notices = [];
  }
}

export const alerts = new Alerts();

/** Runs a command; a refusal becomes an alert and gives undefined. Anything else is a fault of the screens. */
export async function attempt<T>(command: Promise<T>): Promise<T | undefined> {
  try {
    return await command;
  } catch (error) {
    alerts.raise(failureOf(error));
    return undefined;
  }
}

export function failureOf(error: unknown): Failure {
  return error instanceof Refusal ? error.failure : { code: 'internal', details: {} };
}
