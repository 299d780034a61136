import { expect, it } from 'vitest';
import { changedEvents } from '../../src/run/changed-from.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import { desiredEvent, guards, source, wanted } from '../support/manifest-builders.ts';

const named = (name: string, more: Partial<DesiredEvent> = {}): DesiredEvent =>
  desiredEvent({ name, attendees: [wanted(`ou_${name}`)], ...more });

const base = [named('a'), named('b')];

it.each<[string, DesiredEvent[], string[]]>([
  ['nothing', [named('a'), named('b')], []],
  ['a moved manifest', [named('a', { source: source(9, 'moved.yaml') }), named('b')], []],
  ['another attendee', [named('a', { attendees: [wanted('ou_x')] }), named('b')], ['a']],
  ['an optional flag', [named('a', { attendees: [wanted('ou_a', { optional: true })] })], ['a']],
  ['attendees that are no longer managed', [named('a', { attendees: null })], ['a']],
  ['a guard', [named('a'), named('b', { guards: guards({ maxRemovals: 3 }) })], ['b']],
  ['a policy', [named('a', { notify: true }), named('b')], ['a']],
  ['a new event', [...base, named('c')], ['c']],
  ['an event that has gone', [named('a')], []],
])('%s: chooses the events that want something else', (_, events, changed) => {
  expect(changedEvents(events, base).map(({ name }) => name)).toEqual(changed);
});
