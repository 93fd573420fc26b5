import { t } from '../i18n/index.svelte';
import { core } from '../ipc/client';
import type { Event, ModelFile, ModelImport } from '../ipc/types';
import { Refusal } from '../ipc/transport';
import { alerts, attempt } from './alerts.svelte';
import { megabytes } from '../i18n/format';
import { session } from './session.svelte';

/** The speech models of this machine. */
class Models {
  all = $state.raw<ModelFile[]>([]);
  /** The file being measured, and how much of it is done. */
  measuring = $state<string | null>(null);
  fraction = $state(0);

  async load(): Promise<void> {
    this.all = (await attempt(core.models())) ?? this.all;
  }

  /** Brings in a file that the doctor chooses. */
  async pick(): Promise<void> {
    const imported = await attempt(core.modelPick());
    if (imported == null) return;
    session.take(imported.status);
    alerts.say(said(imported));
    await this.load();
  }

  async use(file: string): Promise<void> {
    const status = await attempt(core.modelUse(file));
    if (status === undefined) return;
    session.take(status);
    await this.load();
  }

  async measure(file: string): Promise<void> {
    if (this.measuring !== null) return;
    this.measuring = file;
    this.fraction = 0;
    // A doctor who broke it off, or who records instead, knows.
    await attempt(core.modelMeasure(file).catch(unlessCancelled));
    this.measuring = null;
    await this.load();
  }

  async cancel(): Promise<void> {
    await attempt(core.modelMeasureCancel());
  }

  on(event: Extract<Event, { type: 'measuring' }>): void {
    if (event.file === this.measuring) this.fraction = event.fraction;
  }
}

function unlessCancelled(error: unknown): null {
  if (error instanceof Refusal && error.failure.code === 'cancelled') return null;
  throw error;
}

function said(imported: ModelImport): string {
  const words = t().settings.model;
  if (!imported.quantised) return words.imported(imported.file);
  return words.quantised(imported.file, megabytes(imported.bytes_before), megabytes(imported.bytes));
}

export const models = new Models();
