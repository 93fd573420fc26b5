import { cleanup, configure } from '@testing-library/svelte';
import { afterEach } from 'vitest';

/** What jsdom lacks and every browser has. */
function give(target: object, methods: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(target, name, { value, configurable: true, writable: true });
  }
}

const nothing = () => undefined;

give(window, {
  matchMedia: (query: string) => ({ matches: false, media: query, addEventListener: nothing, removeEventListener: nothing }),
  CSS: { escape: (text: string) => text.replace(/["\\]/g, '\\$&') },
});
give(HTMLElement.prototype, { scrollIntoView: nothing, scrollTo: nothing, scrollBy: nothing });
// axe asks for pixels, which are not here.
give(HTMLCanvasElement.prototype, { getContext: () => null });
give(HTMLDialogElement.prototype, {
  showModal(this: HTMLDialogElement) {
    this.open = true;
    this.querySelector<HTMLElement>('[autofocus], button, input')?.focus();
  },
  close(this: HTMLDialogElement) {
    this.open = false;
  },
});

// The whole page in a failure message hides the message.
configure({ getElementError: (message) => new Error(message ?? undefined), asyncUtilTimeout: 10_000 });

afterEach(() => cleanup());
