import { describe, expect, it } from 'vitest';

import { nameALanguage } from '../src/locale';

describe('the language of the webview', () => {
  it('is replaced where no formatter would take it', () => {
    const system = Object.create({ language: 'C' }) as { language: string };
    nameALanguage(system);
    expect(() => new Intl.NumberFormat(system.language)).not.toThrow();
  });

  it('stays as it is where it is one', () => {
    const system = { language: 'en-GB' };
    nameALanguage(system);
    expect(system.language).toBe('en-GB');
  });
});
