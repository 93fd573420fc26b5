import type { Backup, BackupPlan, BackupState, Doctor, Failure } from '../types';

type Refuse = (code: Failure['code'], details?: Failure['details']) => never;

const FOLDER = '/media/claire/Sauvegarde';

/** Copies of the record and the doctors of the practice. */
export class MockKeeping {
  #plan: BackupPlan = { folder: FOLDER, every_days: 1, keep: 14 };
  #copies: Backup[];
  #doctors: Doctor[] = [
    { id: 'doctor-1', name: 'Dr Claire Fontanel', owner: true, shares: true, left: false, me: true },
    { id: 'doctor-2', name: 'Dr Samir Lacroix', owner: false, shares: true, left: false, me: false },
  ];

  constructor(
    private readonly secret: () => string,
    private readonly refuse: Refuse,
  ) {
    this.#copies = [1, 2, 3].map((days) => this.#copy(new Date(Date.now() - days * 86_400_000), 48_300_000 - days * 900_000));
  }

  get state(): BackupState {
    const here = this.#plan.folder === null ? [] : this.#copies;
    return { plan: this.#plan, reachable: this.#plan.folder !== null, last: this.#copies[0] ?? null, overdue: this.#copies.length === 0, copies: here };
  }

  answer(command: string, args: Record<string, unknown>): unknown {
    switch (command) {
      case 'folder_pick':
        return FOLDER;
      case 'backup_state':
        return this.state;
      case 'backup_plan_save':
        this.#plan = args.plan as BackupPlan;
        return this.state;
      case 'backup_now':
        this.#copies = [this.#copy(new Date(), 49_100_000), ...this.#copies];
        return this.#copies[0];
      case 'backups_in':
        return this.#copies;
      case 'restore_preview': {
        if (args.secret !== this.secret()) this.refuse('wrong_passphrase');
        const held = { schema: 5, patients: 214, consultations: 1_302, validated: 1_290, audio_ms: 0, first_at: null, last_at: null };
        return { backup: held, present: held, replaces: true, same_record: true, lost: 9, older: 2, erased_since: 1 };
      }
      case 'doctors':
        return this.#doctors;
      case 'doctor_share':
        this.#doctors = this.#doctors.map((doctor) => (doctor.me ? { ...doctor, shares: args.shares as boolean } : doctor));
        return this.#doctors;
      case 'doctor_add': {
        const id = `doctor-${this.#doctors.length + 1}`;
        this.#doctors = [...this.#doctors, { id, name: args.name as string, owner: false, shares: false, left: false, me: false }];
        return this.#doctors;
      }
      default:
        this.#doctors = this.#doctors.map((doctor) => (doctor.id === args.doctor ? { ...doctor, left: true } : doctor));
        return this.#doctors;
    }
  }

  #copy(at: Date, bytes: number): Backup {
    return { path: `${FOLDER}/calame-${at.toISOString().slice(0, 10)}.calame-backup`, made_at: at.toISOString(), bytes };
  }
}
