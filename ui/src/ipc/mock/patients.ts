import type { Consultation, Failure, Fact, Patient, PatientFile } from '../types';
import { courseOf, VISIT_DAYS } from './course';

type Refuse = (code: Failure['code'], details?: Failure['details']) => never;

const keyOf = (patient: Patient) => `${patient.name ?? ''}|${patient.identifier ?? ''}|${patient.birth_date ?? ''}`;
const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const isSigned = ({ state }: Consultation) => state === 'validated' || state === 'exported';

/** Patients as the record knows them: who has a consultation has a file. */
export class MockPatients {
  constructor(
    private readonly consultations: () => Consultation[],
    private readonly erase: (id: string) => void,
    private readonly refuse: Refuse,
  ) {}

  answer(command: string, args: Record<string, unknown>): unknown {
    const patient = args.patient as string;
    switch (command) {
      case 'patients':
        return this.#files().filter((file) => plain(keyOf(file.patient)).includes(plain((args.query as string).trim())));
      case 'patient_open':
        return this.#file(patient);
      case 'patient_of': {
        const found = this.consultations().find(({ id }) => id === args.id)?.patient ?? null;
        return found === null ? null : this.#file(keyOf(found));
      }
      case 'patient_consultations':
        return this.#of(patient);
      case 'patient_timeline':
        return this.#timeline(patient);
      case 'patient_erase': {
        if ((args.why as string).trim() === '') this.refuse('reason_needed');
        const all = this.#of(patient);
        for (const { id } of all) this.erase(id);
        return all.length;
      }
      default:
        this.#file(patient);
        return '/home/claire/Documents/Calame/dossier-2026-11-24.zip';
    }
  }

  #files(): PatientFile[] {
    const keys = new Map<string, Patient>();
    for (const { patient } of this.consultations()) if (patient !== null) keys.set(keyOf(patient), patient);
    return [...keys].map(([id, patient]) => {
      const days = this.#of(id).map(({ created_at }) => created_at);
      return { id, patient, consultations: days.length, elsewhere: 0, first_at: days[0] ?? '', last_at: days[days.length - 1] ?? '' };
    });
  }

  #file(id: string): PatientFile {
    return this.#files().find((file) => file.id === id) ?? this.refuse('not_found', { id });
  }

  #of(id: string): Consultation[] {
    return this.consultations()
      .filter(({ patient }) => patient !== null && keyOf(patient) === id)
      .sort((a, b) => a.created_at.localeCompare(b.created_at));
  }

  /** The one whose course was invented has the right number of signed visits; others have no facts yet. */
  #timeline(id: string): Fact[] {
    const signed = this.#of(id).filter(isSigned);
    if (signed.length < VISIT_DAYS.length) return [];
    const visits = new Map(VISIT_DAYS.map((days, at) => [days as number, signed[at]?.id ?? '']));
    return courseOf(visits, signed[0]?.language ?? 'fr', Date.now());
  }
}
