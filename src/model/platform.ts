/** What differs between the platforms in numbers: one row each. The numbers come from the platforms' API pages. */

/** The calendar platforms: Lark is the Feishu API on another host with accounts of its own. */
export type ProviderId = 'feishu' | 'lark' | 'dingtalk';

/** What can be invited. `room` is Feishu's `resource`, `email` its `third_party`. */
export type AttendeeType = 'user' | 'chat' | 'room' | 'email';

/** Which of a Feishu user's ids a manifest uses. DingTalk knows one kind, the unionId. */
export type UserIdType = 'open_id' | 'union_id' | 'user_id';

/** At most `calls` in any stretch of `perMs` milliseconds. */
export interface QuotaWindow {
  readonly calls: number;
  readonly perMs: number;
}

export interface Platform {
  readonly id: ProviderId;
  /** The name people know it by. */
  readonly title: string;
  readonly attendeeTypes: readonly AttendeeType[];
  /** Attendees a page of a listing: the largest the platform gives. */
  readonly pageSize: number;
  /** Attendees a removing call. */
  readonly removeBatch: number;
  /** Attendees an adding call, rooms included. */
  readonly addBatch: number;
  /** Rooms an adding call. */
  readonly roomsPerAddBatch: number;
  /** Attendees an event can hold. */
  readonly attendeesPerEvent: number;
  /** Whether a listing goes on showing those who were removed, marked as such. */
  readonly listsRemoved: boolean;
  /** How long, in milliseconds, reads may lag behind writes. */
  readonly settleMs: number;
  /** The documented rate windows of each API for one app. */
  readonly windows: readonly QuotaWindow[];
  /** Calls a month that an organisation has for all its apps, where that is documented. */
  readonly monthlyCalls: number | null;
  /** Whether a removal can be kept silent: by a switch in the call, or as the platform decides. */
  readonly removalNotice: 'switch' | 'platform';
}

const feishu: Omit<Platform, 'id' | 'title'> = {
  attendeeTypes: ['user', 'chat', 'room', 'email'],
  pageSize: 100,
  removeBatch: 500,
  addBatch: 1000,
  roomsPerAddBatch: 100,
  attendeesPerEvent: 3000,
  listsRemoved: true,
  settleMs: 2000,
  windows: [
    { calls: 50, perMs: 1000 },
    { calls: 1000, perMs: 60_000 },
  ],
  monthlyCalls: null,
  removalNotice: 'switch',
};

/** The table of platforms; everything that differs by number is looked up here. */
export const platforms: Readonly<Record<ProviderId, Platform>> = {
  feishu: { id: 'feishu', title: 'Feishu', ...feishu },
  lark: { id: 'lark', title: 'Lark', ...feishu },
  dingtalk: {
    id: 'dingtalk',
    title: 'DingTalk',
    attendeeTypes: ['user'],
    pageSize: 500,
    removeBatch: 500,
    addBatch: 500,
    roomsPerAddBatch: 0,
    attendeesPerEvent: 5000,
    listsRemoved: false,
    settleMs: 0,
    windows: [{ calls: 20, perMs: 1000 }],
    monthlyCalls: 5000,
    removalNotice: 'platform',
  },
};
