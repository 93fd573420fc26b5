import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { precision } from '../src/acts/precision';
import { dictionaries } from '../src/i18n/index.svelte';

const SHA = '9f2c4be1a07d53e8'.repeat(4);
/** One of each that the core writes about a consultation. */
const NOTES: [act: string, detail: string, french: string][] = [
  ['consultation', 'created', 'créée'],
  ['exercise', 'created', 'créée'],
  ['state', 'created to consented', 'ouverte → accord recueilli'],
  ['consent', 'withdrawn, written', 'retiré, par écrit'],
  ['edit', 'patient', 'identité du patient'],
  ['edit', 'reason', 'motif'],
  ['edit', 'draft 12', 'brouillon, version 12'],
  ['edit', 'addendum, save 3', 'complément, enregistrement 3'],
  ['edit', 'addendum given up', 'complément abandonné'],
  ['speakers', 'swapped', 'médecin et patient échangés'],
  ['speakers', 'segment 4: companion', 'passage 5\u00a0: Accompagnant'],
  ['speakers', 'from segment 0: doctor', 'à partir du passage 1\u00a0: Médecin'],
  ['voice', 'learnt', 'apprise'],
  ['voice', 'forgotten', 'oubliée'],
  ['validate', SHA, 'empreinte 9f2c4be1a07d…'],
  ['addendum', SHA, 'empreinte 9f2c4be1a07d…'],
  ['paper', `prescription ${SHA}`, 'ordonnance, empreinte 9f2c4be1a07d…'],
  ['export', 'pdf', 'PDF'],
  ['export', 'rich text of a section', 'copie d’une rubrique, mise en forme'],
  ['export', 'referral print', 'courrier d’adressage, imprimante'],
  ['retention', 'audio until 2026-12-24T09:00:00Z', 'enregistrement gardé jusqu’au 24 décembre 2026'],
  ['retention', 'audio kept for a reason', 'enregistrement gardé, avec une raison'],
  ['erase', 'audio', 'enregistrement'],
  ['erase', 'audio from 65000 ms', 'enregistrement à partir de 1:05'],
  ['erase', 'withdrawal', 'enregistrement, transcription et brouillon'],
  ['erase', 'consultation', 'consultation entière'],
  ['access', 'archive', 'archive complète'],
];

describe('what stands beside an act', () => {
  it.each(NOTES)('%s, "%s" is said in French', (act, detail, french) => {
    expect(precision({ act, detail }, dictionaries.fr)).toBe(french);
  });

  it.each(NOTES)('%s, "%s" is said in English', (act, detail) => {
    expect(precision({ act, detail }, dictionaries.en)).not.toBeNull();
  });

  it('is left as it was written where nobody knows it', () => {
    expect(precision({ act: 'state', detail: 'created to elsewhere' }, dictionaries.fr)).toBeNull();
    expect(precision({ act: 'export', detail: 'fax' }, dictionaries.fr)).toBeNull();
    expect(precision({ act: 'something new', detail: 'pdf' }, dictionaries.fr)).toBeNull();
  });
});

describe('the acts that the core writes about a consultation', () => {
  const sources = ['../crates/record/src', '../crates/consultation/src'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.rs') && !file.includes('tests'))
      .map((file) => readFileSync(`${folder}/${file}`, 'utf8')),
  );
  const written = new Set(
    sources.flatMap((source) => [...source.matchAll(/"([a-z ]+)",\s*(?:Some\((?:id|visit\.id)\.as_str\(\)\)|subject)/g)].map(([, act]) => act ?? '')),
  );

  it('have a name in both languages, and an example above', () => {
    expect(written.size).toBeGreaterThan(8);
    for (const act of written) {
      expect(Object.keys(dictionaries.fr.acts.act), act).toContain(act);
      expect(NOTES.map(([known]) => known), act).toContain(act);
    }
  });
});
