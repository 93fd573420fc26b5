import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';

import App from '../src/App.svelte';
import type { MockOptions } from '../src/ipc/mock/backend';
import { MockCore } from '../src/ipc/mock/backend';
import { connect } from '../src/ipc/transport';
import { alerts } from '../src/stores/alerts.svelte';
import { consultation } from '../src/stores/consultation.svelte';
import { recording } from '../src/stores/recording.svelte';
import { review } from '../src/stores/review.svelte';
import { session } from '../src/stores/session.svelte';
import { visits } from '../src/stores/visits.svelte';
import type { testid } from '../src/testids';

export type TestId = (typeof testid)[keyof typeof testid];

/** The whole app over a core that keeps still: what happens is what the test does. */
export async function openApp(options: Partial<MockOptions> = {}, seed: (core: MockCore) => void = () => {}) {
  const core = new MockCore({ record: 'open', language: 'fr', theme: 'light', isMoving: false, ...options });
  seed(core);
  connect(core);
  reset();
  render(App);
  await settle();
  return { core, user: userEvent.setup({ delay: null }) };
}

/** Lets answers arrive and the screen follow. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((done) => setTimeout(done, 0));
}

export const get = (id: TestId) => screen.getByTestId(id);
export const all = (id: TestId) => screen.queryAllByTestId(id);
export const find = (id: TestId) => screen.findByTestId(id);
export const has = (id: TestId) => screen.queryByTestId(id) !== null;

function reset(): void {
  session.status = null;
  session.practice = null;
  session.route = { name: 'day' };
  session.isHelpOpen = false;
  session.isCloseAsked = false;
  session.isFirstRun = false;
  alerts.clear();
  recording.end();
  consultation.forget();
  review.forget();
  visits.forget();
}
