import type { Failure } from '../ipc/types';
import { t } from './index.svelte';

/** What a screen says of a failure: what happened and was kept, then the next step. */
export function words(failure: Failure): { message: string; next: string } {
  const dictionary = t().failure;
  const known = failure.code in dictionary ? dictionary[failure.code] : dictionary.internal;
  return { message: fill(known.message, failure.details), next: fill(known.next, failure.details) };
}

/** Puts details in their places. Where one is missing, its clause (" : {path}") goes. */
export function fill(line: string, details: { [key: string]: string | undefined }): string {
  return line.replace(/([\s\u00a0\u202f]*:[\s\u00a0]*)?\{(\w+)\}/g, (_, before: string | undefined, name: string) => {
    const value = details[name];
    return value === undefined ? '' : `${before ?? ''}${value}`;
  });
}
