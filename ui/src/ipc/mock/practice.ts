import type { MockCore } from './backend';
import type { Practice } from '../types';

export const PASSPHRASE = 'roseau encre papyrus aube';
export const RECOVERY = 'KALM-7Q2R-XN4T-P9VD-H3WE-2BZC';

export const PRACTICE: Practice = {
  letterhead: {
    doctor: 'Dr Claire Fontanel',
    specialty: 'Médecine générale',
    rpps: '10100000001',
    address: ['12 rue des Tanneurs', '37000 Tours'],
    phone: '02 00 00 00 00',
    email: '',
  },
  consultation_language: 'fr',
  retention: 'at_validation',
  retention_days: 30,
  keep_reason: '',
  auto_lock_minutes: 10,
  export_folder: null,
  templates: [
    {
      name: 'Suivi de diabète',
      sections: [
        { id: 'traitements', hint: 'Observance, hypoglycémies' },
        { id: 'examen', hint: 'Poids, PA, pieds' },
        { id: 'conduite', hint: 'HbA1c tous les 3 mois, fond d\'œil' },
        { id: 'suivi', hint: '' },
      ],
    },
  ],
  template_of: {},
  phrases: [{ key: 'rcs', text: 'Reconsulter sans délai en cas d\'aggravation' }],
};

export function strength(passphrase: string): { score: number; acceptable: boolean } {
  const words = new Set(passphrase.trim().split(/\s+/)).size;
  const score = Math.min(4, Math.floor(passphrase.length / 8) + (words > 2 ? 1 : 0));
  return { score, acceptable: passphrase.length >= 12 && score >= 3 };
}

/** Each word once and in order; one that is too short is refused. */
export function vocabulary(words: string[], refuse: MockCore['refuse']): string[] {
  const word = words.find((word) => (word.match(/\p{L}/gu) ?? []).length < 4);
  if (word !== undefined) refuse('short_word', { word });
  return [...new Set(words)].sort((a, b) => a.localeCompare(b));
}
