import { cleanup, configure } from '@testing-library/svelte';
import { afterEach } from 'vitest';

// What jsdom lacks and every browser has.
window.matchMedia ??= (query: string) =>
  ({ matches: false, media: query, addEventListener: () => {}, removeEventListener: () => {} }) as unknown as MediaQueryList;
HTMLElement.prototype.scrollIntoView ??= () => {};
HTMLElement.prototype.scrollTo = () => {};
if (!('escape' in (globalThis.CSS ?? {}))) {
  Object.assign(globalThis, { CSS: { escape: (text: string) => text.replace(/["\\]/g, '\\$&') } });
}
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
  this.querySelector<HTMLElement>('[autofocus], button, input')?.focus();
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
};

// The whole page in a failure message hides the message.
configure({ getElementError: (message) => new Error(message ?? undefined) });

// axe asks for pixels, which are not here.
HTMLCanvasElement.prototype.getContext = () => null;

afterEach(() => cleanup());
