import { readDay, writtenDay } from '../../i18n/format';
import type { Patient } from '../../ipc/types';

/** What stands in the fields, as typed. */
export interface PatientEntry {
  name: string;
  identifier: string;
  birthDate: string;
  reason: string;
}

export function entryOf(patient: Patient | null, reason: string | null): PatientEntry {
  const birth = patient?.birth_date ?? null;
  return {
    name: patient?.name ?? '',
    identifier: patient?.identifier ?? '',
    birthDate: birth === null ? '' : writtenDay(birth),
    reason: reason ?? '',
  };
}

export function isReadable(entry: PatientEntry): boolean {
  return entry.birthDate.trim() === '' || readDay(entry.birthDate) !== null;
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

export function patientOf(entry: PatientEntry): Patient | null {
  const patient = {
    name: orNull(entry.name),
    identifier: orNull(entry.identifier),
    birth_date: readDay(entry.birthDate),
  };
  return Object.values(patient).every((value) => value === null) ? null : patient;
}

export function reasonOf(entry: PatientEntry): string | null {
  return orNull(entry.reason);
}
