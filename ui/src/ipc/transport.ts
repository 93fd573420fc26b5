import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';

import type { Event, Failure } from './types';

/** The way to the core: the app's own commands, and one channel of events. */
export interface Transport {
  call(command: string, args: Record<string, unknown>): Promise<unknown>;
  listen(on: (event: Event) => void): Promise<() => void>;
}

const tauri: Transport = {
  call: (command, args) => invoke(command, args),
  listen: (on) => listen<Event>('calame', ({ payload }) => on(payload)),
};

let current: Transport = tauri;

/** The stand-in of a browser or a test takes the core's place. */
export function connect(transport: Transport): void {
  current = transport;
}

export async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return (await current.call(command, args)) as T;
  } catch (error) {
    throw asFailure(error);
  }
}

export function events(on: (event: Event) => void): Promise<() => void> {
  return current.listen(on);
}

/** A refusal of the core. Thrown by every command; `failure` is what a screen words. */
export class Refusal extends Error {
  override name = 'Refusal';
  constructor(readonly failure: Failure) {
    super(failure.code);
  }
}

/** Whatever came back in place of an answer. What is not a failure of the core is an internal one, without its text:
 *  that text is for nobody's eyes here. */
function asFailure(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    const { code } = error as Failure;
    const details = 'details' in error ? (error as Failure).details : {};
    return new Refusal({ code, details: details ?? {} });
  }
  return new Refusal({ code: 'internal', details: {} });
}
