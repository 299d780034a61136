import type { Behaviour } from '../behaviour.ts';
import { startingDingtalkRows } from '../dingtalk/row.ts';
import { without } from '../feishu/delete-attendees.ts';
import { rowKey, startingRows, type FeishuRow } from '../feishu/row.ts';
import type { InterceptedCall } from '../intercept.ts';
import type { Tokens } from '../tokens.ts';
import type { DingtalkEvent, FeishuEvent, World } from '../world.ts';
import type { Happening } from './rule.ts';

/** What faults work on. */
export interface Platform {
  readonly world: World;
  readonly tokens: Tokens;
  readonly behaviour: Behaviour;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Others = Extract<Happening, { fault: 'others' }>;

/** Has the event of the call read for a while as it is now. An event that is not there is left alone. */
export function holdEvent(call: InterceptedCall, platform: Platform, forMs: number): void {
  const now = platform.now();
  const event = feishuEventOf(call, platform) ?? dingtalkEventOf(call, platform);
  event?.content.hold(now, now + forMs);
}

/** Somebody else changes who is on the event of the call. An event that is not there is left alone. */
export function meddle(call: InterceptedCall, platform: Platform, others: Others): void {
  const feishu = feishuEventOf(call, platform);
  if (feishu !== undefined) meddleFeishu(feishu, platform, others);
  const dingtalk = dingtalkEventOf(call, platform);
  if (dingtalk !== undefined) meddleDingtalk(dingtalk, platform, others);
}

function feishuEventOf({ api, params }: InterceptedCall, { world }: Platform): FeishuEvent | undefined {
  if (!api.startsWith('feishu.')) return undefined;
  return world.calendar(params['calendarId'] ?? '')?.events.get(params['eventId'] ?? '');
}

function dingtalkEventOf({ api, params }: InterceptedCall, { world }: Platform): DingtalkEvent | undefined {
  if (!api.startsWith('dingtalk.')) return undefined;
  return world.dingtalkUsers.get(params['userId'] ?? '')?.get(params['eventId'] ?? '');
}

function meddleFeishu(event: FeishuEvent, platform: Platform, { add = [], remove = [] }: Others): void {
  const content = event.content.live;
  const gone = content.rows.filter((row) =>
    [row.id, ...Object.values(row.ids ?? {})].some((id) => remove.includes(id)),
  );
  const rows = new Map<string, FeishuRow>();
  // Rows of one attendee stay apart by their own id; a removed one gives way to one that is added.
  for (const row of without(content.rows, new Set(gone), platform)) rows.set(row.attendeeId, row);
  const live = new Set([...rows.values()].filter((row) => row.rsvp !== 'removed').map(rowKey));
  for (const row of startingRows(event.key, add, platform.world.people)) {
    if (!live.has(rowKey(row))) rows.set(row.attendeeId, row);
  }
  platform.world.commit(event, { ...content, rows: [...rows.values()] }, platform.now());
}

function meddleDingtalk(event: DingtalkEvent, platform: Platform, { add = [], remove = [] }: Others): void {
  const content = event.content.live;
  const stay = content.rows.filter((row) => !remove.includes(row.id));
  const users = add.flatMap(({ user, name, optional, generate }) =>
    user === undefined
      ? []
      : [
          {
            user,
            ...(name === undefined ? {} : { name }),
            ...(optional === undefined ? {} : { optional }),
            ...(generate === undefined ? {} : { generate }),
          },
        ],
  );
  const present = new Set(stay.map((row) => row.id));
  const come = startingDingtalkRows(users).filter((row) => !present.has(row.id));
  platform.world.commit(event, { ...content, rows: [...stay, ...come] }, platform.now());
}
