import { core } from '../ipc/client';
import type { Consultation, PatientFile } from '../ipc/types';
import { attempt } from './alerts.svelte';
import type { Filter } from './stage';

/** A name is typed until few are left. */
const SHOWN = 4;

/** The list of consultations, and the search in it. */
class Visits {
  list = $state.raw<Consultation[] | null>(null);
  /** Patients whose name, number or birth date was searched. */
  patients = $state.raw<PatientFile[]>([]);
  query = $state('');
  filter = $state<Filter>('all');
  #asked = 0;

  async load(query: string = this.query): Promise<void> {
    this.query = query;
    const asked = (this.#asked += 1);
    const words = query.trim();
    const [found, files] = await Promise.all([
      attempt(core.consultations(words)),
      words === '' ? [] : attempt(core.patients(words)),
    ]);
    // A slow answer to an older question must not replace a newer one.
    if (asked !== this.#asked) return;
    if (found !== undefined) this.list = found;
    this.patients = (files ?? []).slice(0, SHOWN);
  }

  forget(): void {
    this.#asked += 1;
    this.list = null;
    this.patients = [];
    this.query = '';
    this.filter = 'all';
  }
}

export const visits = new Visits();
