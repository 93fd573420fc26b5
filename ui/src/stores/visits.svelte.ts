import { core } from '../ipc/client';
import type { Consultation } from '../ipc/types';
import { attempt } from './alerts.svelte';
import type { Filter } from './stage';

/** The list of consultations, and the search in it. */
class Visits {
  list = $state.raw<Consultation[] | null>(null);
  query = $state('');
  filter = $state<Filter>('all');
  #asked = 0;

  async load(query: string = this.query): Promise<void> {
    this.query = query;
    const asked = (this.#asked += 1);
    const found = await attempt(core.consultations(query.trim()));
    // A slow answer to an older question must not replace a newer one.
    if (found !== undefined && asked === this.#asked) this.list = found;
  }

  forget(): void {
    this.#asked += 1;
    this.list = null;
    this.query = '';
    this.filter = 'all';
  }
}

export const visits = new Visits();
