import { describe, expect, it } from 'vitest';

import { courseOf, VISIT_DAYS } from '../src/ipc/mock/course';
import type { Fact } from '../src/ipc/types';
import { inWords, seriesOf, standing } from '../src/patient/course';

const NOW = Date.parse('2026-11-24T09:00:00Z');
const visits = new Map(VISIT_DAYS.map((days) => [days as number, `visit-${days}`]));
const facts = courseOf(visits, 'fr', NOW);
const weight = facts.find((fact) => fact.series === 'poids');

function like(change: Partial<Fact>): Fact {
  if (weight === undefined) throw new Error('the invented patient has no weight');
  return { ...weight, ...change };
}

describe('a patient over time', () => {
  it('draws each measure once, oldest first, the longest first', () => {
    const series = seriesOf(facts);
    expect(series.map(({ name }) => name)).toEqual(['Pression artérielle', 'Poids', 'HbA1c', 'LDL-cholestérol']);
    expect(series[0]?.lines).toBe(2);
    const days = series[0]?.facts.map(({ at }) => at) ?? [];
    expect(days).toEqual([...days].sort());
  });

  it('never draws two units on one scale', () => {
    expect(seriesOf([like({}), like({ unit: 'lb', values: [180] })])).toHaveLength(2);
  });

  it('draws nothing that was denied, and leaves no result out', () => {
    const denied = like({ polarity: 'absent' });
    const said = like({ values: [], text: 'Poids stable' });
    expect(seriesOf([denied, said])).toEqual([]);
    expect(inWords([denied, said])).toHaveLength(2);
  });

  it('tells the newest wording of a treatment, the former one, and what is over last', () => {
    const treatments = standing(facts, 'treatment');
    expect(treatments.find(({ key }) => key === 'metformine')?.now.text).toContain('1 000 mg');
    expect(treatments.find(({ key }) => key === 'metformine')?.before?.text).toContain('500 mg');
    expect(treatments.map(({ isOver }) => isOver)).toEqual([false, false, false, true]);
  });

  it('keeps an allergy until a note denies it', () => {
    const allergies = standing(facts, 'allergy');
    expect(allergies.map(({ isOver }) => isOver)).toEqual([false]);
    const later = { ...facts.find(({ track }) => track === 'allergy'), polarity: 'absent', at: '2026-11-20T09:00:00Z' } as Fact;
    expect(standing([...facts, later], 'allergy')[0]?.isOver).toBe(true);
  });
});
