import { describe, expect, it } from 'vitest';

import { age, clock, readDay, span, timeOfDay, timer } from '../src/i18n/format';

describe('times', () => {
  it('of a recording read as on a clock', () => {
    expect(clock(0)).toBe('0:00');
    expect(clock(754_999)).toBe('12:34');
    expect(clock(3_725_000)).toBe('1:02:05');
    expect(timer(7_000)).toBe('00:07');
  });

  it('of day follow the language', () => {
    const at = new Date(2026, 10, 23, 9, 5);
    expect(timeOfDay(at, 'fr')).toBe('9\u00a0h\u00a005');
    expect(timeOfDay(at, 'en')).toBe('09:05');
  });

  it('left to wait are told in words', () => {
    expect(span(4_200)).toBe('4\u00a0s');
    expect(span(120_000)).toBe('2\u00a0min');
    expect(span(200_000)).toBe('3\u00a0min\u00a020\u00a0s');
    expect(span(3_900_000)).toBe('1\u00a0h\u00a005');
  });
});

describe('a date of birth', () => {
  const today = new Date(2026, 10, 23);

  it.each([
    ['04/03/1968', '1968-03-04'],
    ['4.3.1968', '1968-03-04'],
    ['4 3 1968', '1968-03-04'],
    ['04031968', '1968-03-04'],
    ['1968-03-04', '1968-03-04'],
    ['29/02/2024', '2024-02-29'],
  ])('is read from %s', (text, day) => {
    expect(readDay(text, today)).toBe(day);
  });

  it.each(['', 'hier', '31/02/1968', '29/02/2023', '04/13/1968', '24/11/2026', '04/03/68', '1/1/1700'])(
    'is refused in "%s"',
    (text) => {
      expect(readDay(text, today)).toBeNull();
    },
  );

  it('gives the age on the day of the visit', () => {
    expect(age('1968-03-04', new Date(2026, 2, 3))).toBe(57);
    expect(age('1968-03-04', new Date(2026, 2, 4))).toBe(58);
  });
});
