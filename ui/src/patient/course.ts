import type { Fact, Track } from '../ipc/types';

/** One measure over time, oldest first: what is drawn and what is in its table. */
export interface Series {
  key: string;
  name: string;
  unit: string;
  facts: Fact[];
  /** How many numbers each point has: two of a blood pressure. */
  lines: number;
}

/** What stands now of one treatment, allergy or condition, and how it was put before. */
export interface Standing {
  key: string;
  now: Fact;
  /** The notes that say it, oldest first. */
  facts: Fact[];
  /** The former wording, where it was another. */
  before: Fact | null;
  isOver: boolean;
}

/** Measures that can be drawn: those with the most points first. */
export function seriesOf(facts: readonly Fact[]): Series[] {
  const found = new Map<string, Series>();
  for (const fact of facts) {
    if ((fact.track !== 'vital' && fact.track !== 'lab') || fact.values.length === 0 || fact.polarity !== 'present') continue;
    // Two units are two scales: their numbers are never drawn on one.
    const unit = fact.unit ?? '';
    const key = `${fact.series}|${unit}`;
    const series = found.get(key) ?? { key, name: capitalised(fact.series), unit, facts: [], lines: 0 };
    series.facts.push(fact);
    series.lines = Math.max(series.lines, fact.values.length);
    found.set(key, series);
  }
  return [...found.values()].sort((a, b) => b.facts.length - a.facts.length);
}

/** Treatments, allergies or conditions as the newest note puts them; what is over comes last. */
export function standing(facts: readonly Fact[], track: Track): Standing[] {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    if (fact.track !== track) continue;
    groups.set(fact.series, [...(groups.get(fact.series) ?? []), fact]);
  }
  const all = [...groups].flatMap(([key, of]): Standing[] => {
    const now = of[of.length - 1];
    if (now === undefined) return [];
    const before = of.findLast((fact) => fact.text !== now.text) ?? null;
    return [{ key, now, facts: of, before, isOver: now.polarity === 'absent' || (track === 'treatment' && now.temporality === 'past') }];
  });
  return all.sort((a, b) => Number(a.isOver) - Number(b.isOver) || b.now.at.localeCompare(a.now.at));
}

/** Results said in words: they cannot be drawn, and are not left out. */
export function inWords(facts: readonly Fact[]): Fact[] {
  const words = facts.filter(({ track, values, polarity }) => (track === 'vital' || track === 'lab') && (values.length === 0 || polarity !== 'present'));
  return words.reverse();
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
