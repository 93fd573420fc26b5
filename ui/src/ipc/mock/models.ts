import type { ModelFile, ModelImport, Speed, Status } from '../types';
import type { MockCore } from './backend';

const TICK_MS = 200;
const TICKS = 12;

/** Speech models: two that were measured, one that was not. */
export class MockModels {
  #used = 'ggml-base-q8_0.bin';
  #files: ModelFile[] = [
    { name: 'base-q8_0', file: 'ggml-base-q8_0.bin', bytes: 81_768_585, installed: true, used: true, speed: { real_time_factor: 0.11, glance_ms: 420, keeps_up: true, disturbed: false } },
    { name: 'medium-q5_0', file: 'ggml-medium-q5_0.bin', bytes: 539_212_467, installed: true, used: false, speed: { real_time_factor: 1.24, glance_ms: 5_300, keeps_up: false, disturbed: true } },
    { name: 'small-q8_0', file: 'ggml-small-q8_0.bin', bytes: 264_464_607, installed: true, used: false },
  ];
  /** Ends the measuring under way. */
  #end: ((speed: Speed | null) => void) | null = null;

  constructor(
    private readonly core: MockCore,
    private readonly isMoving: boolean,
    private readonly status: () => Status,
  ) {}

  answer(command: string, args: Record<string, unknown>): unknown {
    const file = args.file as string;
    switch (command) {
      case 'models':
        return this.status().model.state === 'missing' ? [] : this.#files.map((model) => ({ ...model, used: model.file === this.#used }));
      case 'model_use':
        this.#used = file;
        return this.status();
      case 'model_measure':
        return this.#measure(file);
      case 'model_measure_cancel':
        this.#end?.(null);
        return null;
      default:
        return this.#import();
    }
  }

  /** The measuring under way is done: for tests, which have no timers. */
  measured(speed: Speed): void {
    this.#end?.(speed);
  }

  #measure(file: string): Promise<Speed> {
    if (this.#end !== null) this.core.refuse('recording_in_progress');
    return new Promise((done, refused) => {
      let ticks = 0;
      const timer = this.isMoving ? setInterval(() => tick(), TICK_MS) : undefined;
      this.#end = (speed) => {
        clearInterval(timer);
        this.#end = null;
        if (speed === null) {
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what the real channel rejects with
          refused({ code: 'cancelled', details: {} });
          return;
        }
        this.#files = this.#files.map((model) => (model.file === file ? { ...model, speed } : model));
        done(speed);
      };
      const tick = () => {
        ticks += 1;
        this.core.emit({ type: 'measuring', file, fraction: ticks / TICKS });
        if (ticks === TICKS) this.#end?.({ real_time_factor: 0.38, glance_ms: 1_150, keeps_up: true, disturbed: false });
      };
      if (!this.isMoving) this.core.emit({ type: 'measuring', file, fraction: 0.4 });
    });
  }

  #import(): ModelImport {
    this.core.installed();
    return { status: this.status(), file: 'ggml-base-q8_0.bin', bytes_before: 147_951_465, bytes: 81_768_585, quantised: true };
  }
}
