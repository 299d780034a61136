import { organisationPart } from '../organisation.ts';
import type { Context } from '../route.ts';
import { hasLeft } from './people.ts';
import { attendeeId, type FeishuRow } from './row.ts';
import type { FeishuIds } from './tenant.ts';
import { feishuOf, type FeishuCalendar, type FeishuEvent } from './world.ts';

/** The rows that readers are shown: those of people who have left or not, as `leftAttendees` says. */
export function listedRows(rows: readonly FeishuRow[], context: Context): readonly FeishuRow[] {
  return context.behaviour.leftAttendees === 'listed' ? rows : rows.filter((row) => !isLeaver(row, context));
}

/**
 * Hands over what leavers organize on a calendar, or deletes it, where `leaverEvents` says so. Nobody made a call for
 * that, so it shows at once and counts as no effect.
 * https://open.feishu.cn/document/server-docs/contact-v3/user/delete
 */
export function handOver(calendar: FeishuCalendar, context: Context): void {
  if (context.behaviour.leaverEvents === 'kept') return;
  for (const event of calendar.events.values()) {
    const leaver = event.content.live.rows.find((row) => row.organizer && isLeaver(row, context));
    if (leaver !== undefined) give(event, leaver, context);
  }
}

function give(event: FeishuEvent, leaver: FeishuRow, context: Context): void {
  const content = event.content.live;
  const { people } = organisationPart<FeishuIds>(context.world.tenant);
  const superior = people.find(({ openId }) => openId === leaver.id)?.superior;
  if (superior === undefined) {
    event.content.set({ ...content, cancelled: true }, context.now, 0);
    return;
  }
  const { ids, name = superior } = feishuOf(context.world).people.find('open_id', superior).person;
  const listed = content.rows.find(({ type, id }) => type === 'user' && id === superior);
  const heir: FeishuRow = {
    ...leaver,
    ...(listed ?? { attendeeId: attendeeId(event.key, 'user', superior, 0), ids, id: superior, name }),
    organizer: true,
  };
  const rows = content.rows.flatMap((row) => {
    if (row === listed) return [];
    return row === leaver ? [heir, { ...leaver, organizer: false }] : [row];
  });
  event.content.set({ ...content, rows }, context.now, 0);
}

function isLeaver({ type, id }: FeishuRow, { world, now }: Context): boolean {
  return type === 'user' && hasLeft(feishuOf(world).people.find('open_id', id).person, now);
}
