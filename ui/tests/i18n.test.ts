import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';

import { en } from '../src/i18n/en';
import { fill } from '../src/i18n/failure';
import { fr } from '../src/i18n/fr';
import { dictionaries } from '../src/i18n/index.svelte';
import { typesetFrench } from '../src/i18n/typeset';
import { keymap } from '../src/keys/keymap';

function keys(entry: unknown, path = ''): string[] {
  if (typeof entry !== 'object' || entry === null) return [`${path} ${typeof entry}`];
  return Object.entries(entry).flatMap(([key, value]) => keys(value, `${path}.${key}`));
}

function lines(entry: unknown): string[] {
  if (typeof entry === 'string') return [entry];
  if (typeof entry === 'function') {
    const line = entry as (...args: unknown[]) => string;
    return [0, 1, 2, 12].map((value) => line(value, value, value));
  }
  return typeof entry === 'object' && entry !== null ? Object.values(entry).flatMap(lines) : [];
}

const svelteFiles = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.svelte'));

describe('the two languages', () => {
  it('have the same entries, of the same kind', () => {
    expect(keys(en).sort()).toEqual(keys(fr).sort());
  });

  it('leave no line empty', () => {
    for (const dictionary of Object.values(dictionaries)) {
      expect(lines(dictionary).filter((line) => line.trim() === '')).toEqual([]);
    }
  });

  it('word every failure of the core, and what to do next', () => {
    const types = readFileSync('src/ipc/types.ts', 'utf8');
    const union = /export type FailureCode =([^;]*);/.exec(types)?.[1] ?? '';
    const codes = [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(30);
    for (const { failure } of Object.values(dictionaries)) {
      expect(Object.keys(failure).sort()).toEqual([...codes].sort());
    }
  });

  it('name every shortcut', () => {
    expect(Object.keys(fr.help.action).sort()).toEqual(Object.keys(keymap).sort());
  });
});

describe('French typography', () => {
  it('never breaks before a double sign or inside quotation marks', () => {
    const breaking = lines(dictionaries.fr).filter((line) => / [;:!?»%]|« /.test(line));
    expect(breaking).toEqual([]);
  });

  it('keeps numbers with their units', () => {
    expect(typesetFrench('dans 12 min')).toBe('dans 12\u00a0min');
    expect(typesetFrench('à 12 h 05')).toBe('à 12\u00a0h\u00a005');
    expect(typesetFrench('12 caractères au moins')).toBe('12\u00a0caractères au moins');
  });

  it('uses the curly apostrophe', () => {
    expect(lines(dictionaries.fr).filter((line) => /\p{L}'\p{L}/u.test(line))).toEqual([]);
  });
});

describe('wording with details', () => {
  it('fills what is known and leaves out the clause of what is not', () => {
    expect(fill('Introuvable : {path}.', { path: '/a' })).toBe('Introuvable : /a.');
    expect(fill('Introuvable : {path}.', {})).toBe('Introuvable.');
    expect(fill('Missing: {path}. Kept.', {})).toBe('Missing. Kept.');
  });
});

/** Text that a reader would see, written in the markup instead of the dictionaries. */
function ownWords(source: string): string[] {
  const found: string[] = [];
  const SAID = ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext', 'label', 'hint'];
  const visit = (node: unknown, attribute: string | null): void => {
    if (Array.isArray(node)) return node.forEach((child) => visit(child, attribute));
    if (typeof node !== 'object' || node === null) return;
    const { type, name, data } = node as { type?: string; name?: string; data?: string };
    if (type === 'Comment') return;
    const inside = type === 'Attribute' || type === 'StyleDirective' ? (name ?? null) : attribute;
    const isSaid = inside === null || SAID.includes(inside);
    if (type === 'Text' && isSaid && data !== undefined && /\p{L}{2,}/u.test(data)) found.push(data.trim());
    for (const [key, child] of Object.entries(node)) if (key !== 'parent') visit(child, inside);
  };
  visit(parse(source, { modern: true }).fragment, null);
  return found;
}

describe('the screens', () => {
  it.each(svelteFiles)('%s holds no words of its own', (file) => {
    expect(ownWords(readFileSync(join('src', file), 'utf8'))).toEqual([]);
  });
});
