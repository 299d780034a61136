import { describe, expect, it } from 'vitest';
import { isCalendarDay } from '../../src/model/day.ts';
import { nearest } from '../../src/manifest/nearest.ts';

describe('isCalendarDay', () => {
  it.each(['2026-01-31', '2026-04-30', '2024-02-29', '2000-02-29', '2026-12-31'])('takes %s', (day) => {
    expect(isCalendarDay(day)).toBe(true);
  });

  it.each([
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-01',
    '2026-01-00',
    '2026-1-1',
    ' 2026-01-01',
    '2026-01-01\n',
    '',
  ])('refuses %j', (day) => {
    expect(isCalendarDay(day)).toBe(false);
  });
});

describe('nearest', () => {
  it.each([
    ['usr', 'user'],
    ['uesr', 'user'],
    ['User', 'user'],
    ['rooms', 'room'],
    ['eventid', 'eventId'],
    ['attendes', 'attendees'],
    ['xyz', undefined],
    ['', undefined],
  ])('of %j is %j', (text, expected) => {
    expect(nearest(text, ['user', 'room', 'eventId', 'attendees'])).toBe(expected);
  });

  it('is the first of equals', () => {
    expect(nearest('ax', ['ay', 'az'])).toBe('ay');
  });
});
