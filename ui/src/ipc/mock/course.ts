import type { Fact, Language, Track } from '../types';

/** An invented patient over two years: what the signed note of each visit says, days before today. */
interface Row {
  track: Track;
  series: readonly [fr: string, en: string];
  text: (values: readonly number[], language: Language) => string;
  unit?: string;
  /** Days ago, then numbers. */
  at: readonly (readonly [days: number, ...values: number[]])[];
  polarity?: Fact['polarity'];
  temporality?: Fact['temporality'];
}

export const VISIT_DAYS = [712, 590, 471, 352, 247, 128, 9] as const;

const written = (value: number, language: Language) => String(value).replace('.', language === 'fr' ? ',' : '.');
const said = (fr: string, en: string) => (_: readonly number[], language: Language) => (language === 'fr' ? fr : en);

const ROWS: readonly Row[] = [
  {
    track: 'vital',
    series: ['pression artérielle', 'blood pressure'],
    unit: 'mmHg',
    text: ([high = 0, low = 0], language) => `${language === 'fr' ? 'PA' : 'BP'} ${high}/${low} mmHg`,
    at: [[712, 162, 96], [590, 154, 92], [471, 148, 88], [352, 142, 86], [247, 138, 84], [128, 141, 82], [9, 134, 80]],
  },
  {
    track: 'vital',
    series: ['poids', 'weight'],
    unit: 'kg',
    text: ([kg = 0], language) => `${language === 'fr' ? 'Poids' : 'Weight'} ${written(kg, language)} kg`,
    at: [[712, 88.5], [590, 87], [471, 85.2], [352, 84.6], [247, 83], [128, 82.4], [9, 81.8]],
  },
  {
    track: 'lab',
    series: ['HbA1c', 'HbA1c'],
    unit: '%',
    text: ([percent = 0], language) => `HbA1c ${written(percent, language)} %`,
    at: [[712, 8.4], [471, 7.9], [247, 7.4], [9, 7.1]],
  },
  {
    track: 'lab',
    series: ['LDL-cholestérol', 'LDL cholesterol'],
    unit: 'g/L',
    text: ([grams = 0], language) => `LDL ${written(grams, language)} g/L`,
    at: [[590, 1.62], [247, 0.98]],
  },
  { track: 'treatment', series: ['metformine', 'metformin'], unit: 'mg', text: said('Metformine 500 mg matin et soir', 'Metformin 500 mg twice daily'), at: [[712, 500], [590, 500]] },
  { track: 'treatment', series: ['metformine', 'metformin'], unit: 'mg', text: said('Metformine 1 000 mg matin et soir', 'Metformin 1,000 mg twice daily'), at: [[471, 1000], [247, 1000], [9, 1000]] },
  { track: 'treatment', series: ['périndopril', 'perindopril'], unit: 'mg', text: said('Périndopril 5 mg le matin', 'Perindopril 5 mg in the morning'), at: [[590, 5], [352, 5], [9, 5]] },
  { track: 'treatment', series: ['atorvastatine', 'atorvastatin'], unit: 'mg', text: said('Atorvastatine 20 mg le soir', 'Atorvastatin 20 mg at night'), at: [[471, 20], [9, 20]] },
  { track: 'treatment', series: ['amlodipine', 'amlodipine'], text: said('Amlodipine arrêtée (œdèmes des chevilles)', 'Amlodipine stopped (ankle swelling)'), at: [[352]], polarity: 'absent' },
  { track: 'allergy', series: ['pénicilline', 'penicillin'], text: said('Pénicilline : urticaire', 'Penicillin: urticaria'), at: [[712], [128]] },
  { track: 'condition', series: ['diabète de type 2', 'type 2 diabetes'], text: said('Diabète de type 2', 'Type 2 diabetes'), at: [[712], [471], [9]] },
  { track: 'condition', series: ['hypertension artérielle', 'hypertension'], text: said('Hypertension artérielle', 'Hypertension'), at: [[712], [590]] },
  { track: 'condition', series: ['appendicectomie', 'appendicectomy'], text: said('Appendicectomie en 1974', 'Appendicectomy in 1974'), at: [[712]], temporality: 'past' },
  { track: 'condition', series: ['rétinopathie', 'retinopathy'], text: said('Pas de rétinopathie', 'No retinopathy'), at: [[128]], polarity: 'absent' },
];

/** What the core would read from the signed notes, oldest first. */
export function courseOf(visits: ReadonlyMap<number, string>, language: Language, now: number): Fact[] {
  const facts = ROWS.flatMap((row, rank) =>
    row.at.map(([days, ...values]): Fact => ({
      track: row.track,
      series: row.series[language === 'fr' ? 0 : 1],
      at: new Date(now - days * 86_400_000).toISOString(),
      consultation: visits.get(days) ?? '',
      statement: `st-${rank}`,
      text: row.text(values, language),
      values,
      unit: row.unit ?? null,
      polarity: row.polarity ?? 'present',
      temporality: row.temporality ?? 'current',
    })),
  );
  return facts.sort((a, b) => a.at.localeCompare(b.at));
}
