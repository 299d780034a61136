import { platforms } from '../../platforms/index.ts';
import type { EventView } from './event.ts';
import type { PlanView } from './plan.ts';
import type { ChangeRow } from './rows.ts';
import { count, grouped, listOf } from './words.ts';

/**
 * What a plan asks for before it is applied: what is done to how many of how many, where and as whom, and what is lost.
 * `Remove 2 of 11 people from 1 event (Feishu, app cli_demo at open.feishu.cn)? 1 accepted reply is lost for good.`
 * Host and app id are from outside.
 *
 * @param lead words before it: `Undo this run`
 */
export function questionOf(view: PlanView, lead?: string): string {
  const events = doneEvents(view);
  const what = workWords(view);
  const asked = lead === undefined ? what.charAt(0).toUpperCase() + what.slice(1) : `${lead}: ${what}`;
  const { lostWords, notified } = view;
  return [
    `${asked}${whereWords(view, events)}?`,
    ...(lostWords === null ? [] : [`${lostWords}.`]),
    ...(notified === 0 ? [] : [`${count(notified, 'person is', 'people are')} notified.`]),
  ].join(' ');
}

/** The events that something will be done to. */
export function doneEvents({ state, events }: Pick<PlanView, 'state' | 'events'>): readonly EventView[] {
  return state === 'stopped' ? [] : events.filter(({ status }) => status === 'changed');
}

/** What will be done: `remove 2 of 11 people from 1 event and add 3 people to 2 events`; empty where nothing will. */
export function workWords(view: Pick<PlanView, 'state' | 'events'>): string {
  const events = doneEvents(view);
  return listOf([
    ...attendeeWords(events, 'remove'),
    ...attendeeWords(
      events.filter((event) => !setsFlags(event)),
      'replace',
    ),
    ...attendeeWords(events.filter(setsFlags), 'replace'),
    ...attendeeWords(events, 'add'),
    ...unbindWords(events),
    ...deleteWords(events),
  ]);
}

/** ` (Feishu, app cli_demo at open.feishu.cn; DingTalk at api.dingtalk.com)` */
function whereWords({ accounts }: PlanView, events: readonly EventView[]): string {
  const used = new Set(events.map(({ platform }) => platform));
  const places = accounts
    .filter(({ platform }) => used.has(platform))
    .map(({ platform, host, appId }) => `${platform}${appId === null ? '' : `, app ${appId}`} at ${host}`);
  return places.length === 0 ? '' : ` (${places.join('; ')})`;
}

/** `remove 2 of 11 people from 1 event`, `add 3 attendees to 2 events`: people, unless rooms or chats are among them. */
function attendeeWords(events: readonly EventView[], kind: 'remove' | 'replace' | 'add'): string[] {
  const concerned = events.filter(({ counts }) => counts[kind] > 0);
  const number = sum(concerned, ({ counts }) => counts[kind]);
  if (number === 0) return [];
  const people = concerned.every(({ rows }) => rows.every((row) => row.kind !== kind || isPerson(row)));
  const who = (some: number): string => (people ? count(some, 'person', 'people') : count(some, 'attendee'));
  const where = count(concerned.length, 'event');
  if (kind === 'add') return [`add ${who(number)} to ${where}`];
  if (kind === 'replace' && concerned.every(setsFlags)) {
    return [`change the optional flag of ${who(number)} on ${where}`];
  }
  if (kind === 'replace') return [`remove and invite again ${who(number)} on ${where}`];
  const managed = sum(concerned, ({ observed }) => observed?.managed ?? 0);
  return [`remove ${managed < number ? who(number) : `${grouped(number)} of ${who(managed)}`} from ${where}`];
}

/** Whether the flags of an event are set where people are, who are not invited again then. */
export function setsFlags({ provider }: Pick<EventView, 'provider'>): boolean {
  return platforms[provider].writes.flag === 'set';
}

/** Whether a change concerns somebody, and not a room or a chat. */
export function isPerson({ subject }: ChangeRow): boolean {
  return subject.what === 'attendee' && !subject.marks.some((mark) => mark === 'room' || mark === 'chat');
}

function unbindWords(events: readonly EventView[]): string[] {
  const chats = sum(events, ({ counts }) => counts.unbind);
  return chats === 0 ? [] : [`unbind ${count(chats, 'meeting chat')}`];
}

function deleteWords(events: readonly EventView[]): string[] {
  const deleted = events.filter(({ counts }) => counts.delete > 0);
  if (deleted.length === 0) return [];
  const attendees = sum(deleted, ({ observed }) => observed?.count ?? 0);
  return [
    `delete ${count(deleted.length, 'event')}${attendees === 0 ? '' : ` with ${count(attendees, 'attendee')}`}`,
  ];
}

function sum(events: readonly EventView[], numberOf: (event: EventView) => number): number {
  return events.reduce((total, event) => total + numberOf(event), 0);
}
