import { describe, expect, test } from 'vitest';
import { canonicalJson, manifestDigest } from '../../src/diff/digest.ts';
import { createHash } from 'node:crypto';
import type { DesiredEvent } from '../../src/model/event.ts';
import { desiredEvent, guards, ref, source, wanted } from '../support/manifest-builders.ts';

const event = desiredEvent({
  attendees: [wanted('ou_a'), wanted('ou_b', { optional: true })],
  ignore: [{ type: 'room' }, { type: 'user', id: 'ou_bot' }],
});
const digest = manifestDigest([event]);

test('is SHA-256 over canonical JSON', () => {
  expect(manifestDigest([])).toBe(`sha256:${createHash('sha256').update(canonicalJson([])).digest('hex')}`);
});

test('does not go by the order of the events', () => {
  const other = desiredEvent({ name: 'another' });
  expect(manifestDigest([event, other])).toBe(manifestDigest([other, event]));
});

describe('is left as it is by', () => {
  test.each<[string, Partial<DesiredEvent>]>([
    ['moving the file', { source: source(40, 'teams/platform.yaml') }],
    ['labels', { labels: { team: 'platform' } }],
    ['display names', { names: new Map([['user:ou_a', 'Ann']]) }],
    [
      'where attendees come from and what they are called',
      {
        attendees: [
          wanted('ou_a', { source: source(9, 'rosters/a.yaml'), via: ['team'], name: 'Ann' }),
          wanted('ou_b', { optional: true }),
        ],
      },
    ],
    ['the order of attendees', { attendees: [...(event.attendees ?? [])].reverse() }],
    ['the order of what is ignored', { ignore: [...event.ignore].reverse() }],
    [
      'who was struck or has expired',
      { unwanted: new Map([['user:ou_x', { reason: 'expired', source: source(), via: [] }]]) },
    ],
  ])('%s', (_, more) => {
    expect(manifestDigest([{ ...event, ...more }])).toBe(digest);
  });
});

describe('changes with', () => {
  test.each<[string, Partial<DesiredEvent>]>([
    ['the name', { name: 'other' }],
    ['the event', { ref: ref({ eventId: 'other_0' }) }],
    ['the calendar', { ref: ref({ calendarId: 'primary' }) }],
    ['the platform', { ref: ref({ provider: 'lark' }) }],
    ['the organizer', { ref: ref({ organizer: 'union' }) }],
    ['the kind of id', { ref: ref({ userIdType: 'union_id' }) }],
    ['admin mode', { ref: ref({ admin: {} }) }],
    ['the room contact', { ref: ref({ roomContact: 'ou_zzz' }) }],
    ['the state', { state: 'absent' }],
    ['sync', { sync: 'remove-only' }],
    ['notify', { notify: true }],
    ['external', { external: 'remove' }],
    ['optionalDrift', { optionalDrift: 'replace' }],
    ['a guard', { guards: guards({ maxRemovals: '50%' }) }],
    ['a permission', { guards: guards({ allow: { removals: 9, until: '2026-12-01' } }) }],
    ['what is ignored', { ignore: [{ type: 'room' }] }],
    ['an attendee', { attendees: [wanted('ou_a')] }],
    ['a flag', { attendees: [wanted('ou_a'), wanted('ou_b')] }],
    ['no attendees', { attendees: [] }],
    ['unmanaged attendees', { attendees: null }],
    ['a chat to unbind', { unbindChat: { chatId: 'oc_meet', source: source() } }],
  ])('%s', (_, more) => {
    expect(manifestDigest([{ ...event, ...more }])).not.toBe(digest);
  });

  test('another event among the chosen ones', () => {
    expect(manifestDigest([event, desiredEvent({ name: 'z' })])).not.toBe(digest);
  });

  test('attendees that are unmanaged rather than none', () => {
    const of = (attendees: DesiredEvent['attendees']): string => manifestDigest([{ ...event, attendees }]);
    expect(of(null)).not.toBe(of([]));
  });
});
