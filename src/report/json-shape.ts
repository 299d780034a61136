import type { Diagnostic, Problem, Source } from '../model/diagnostic.ts';
import type { Admin } from '../model/event.ts';
import type {
  Change,
  Drift,
  EventPlan,
  Kept,
  Limits,
  Missing,
  ObservedSummary,
  Plan,
  PlanAccount,
  PlanAttendee,
  PlanSummary,
  Selection,
  Unmanaged,
  Violation,
} from '../model/plan.ts';
import type { ProviderId } from '../platforms/index.ts';
import type {
  ChangeError,
  ChangeResult,
  EventResult,
  Newcomer,
  Result,
  ResultSummary,
} from '../model/result.ts';

/** Keys in the order that they are printed in; `null` for a value that is printed as it is. */
export interface Shape {
  readonly [key: string]: Shape | null;
}

type KeyOf<T> = T extends unknown ? keyof T : never;

/** Names every key of T, of each member where T is a union: a key that is added to the model cannot be left out here. */
type ShapeOf<T> = { readonly [K in KeyOf<T>]-?: Shape | null };

/** The value with its keys in the shape's order. Lists stand for each of their items. */
export function inOrder(shape: Shape | null, value: unknown): unknown {
  if (shape === null || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => inOrder(shape, item));
  const fields = new Map<string, unknown>(Object.entries(value));
  return Object.fromEntries(
    Object.entries(shape)
      .filter(([key]) => fields.has(key))
      .map(([key, inner]) => [key, inOrder(inner, fields.get(key))]),
  );
}

const tool: ShapeOf<Plan['tool']> = { name: null, version: null };
const source: ShapeOf<Source> = { file: null, line: null, column: null };
const violation: ShapeOf<Violation> = { code: null, message: null };
const problem: ShapeOf<Problem> = { code: null, message: null, hint: null, platformCode: null, logId: null };
const account: ShapeOf<PlanAccount> = { host: null, appId: null };
const accounts: ShapeOf<Record<ProviderId, PlanAccount>> = {
  feishu: account,
  lark: account,
  dingtalk: account,
};
const selection: ShapeOf<Selection> = { target: null, exclude: null, selector: null };
const admin: ShapeOf<Admin> = { instanceStartTime: null };
const attendee: ShapeOf<PlanAttendee> = {
  type: null,
  id: null,
  attendeeId: null,
  name: null,
  optional: null,
  reply: null,
};
const newcomer: ShapeOf<Newcomer> = { type: null, id: null, name: null };
const kept: ShapeOf<Kept> = { attendee, reason: null };
const missing: ShapeOf<Missing> = { attendee, reason: null, source, via: null };
const drift: ShapeOf<Drift> = { attendee, reason: null, source, via: null };
const observed: ShapeOf<ObservedSummary> = { count: null, managed: null, fingerprint: null, members: null };

const limits: ShapeOf<Limits> = {
  maxRemovals: null,
  allowEmpty: null,
  allowDelete: null,
  allowPast: null,
  maxAdditions: null,
  maxNotified: null,
  allowed: null,
};

const change: ShapeOf<Change> = {
  action: null,
  attendee,
  chatId: null,
  reason: null,
  wasRemoved: null,
  operateId: null,
  certain: null,
  source,
  via: null,
};

const unmanaged: ShapeOf<Unmanaged> = {
  name: null,
  provider: null,
  calendarId: null,
  eventId: null,
  source,
  observed: { count: null },
  renamedTo: null,
};

const eventPlan: ShapeOf<EventPlan> = {
  name: null,
  provider: null,
  calendarId: null,
  eventId: null,
  source,
  organizer: null,
  userIdType: null,
  admin,
  roomContact: null,
  event: { summary: null, start: null, recurring: null },
  sync: null,
  external: null,
  notify: null,
  notified: null,
  order: null,
  limits,
  status: null,
  observed,
  desired: { count: null },
  changes: change,
  kept,
  missing,
  drift,
  violations: violation,
  notes: null,
  problem,
};

const planSummary: ShapeOf<PlanSummary> = {
  events: null,
  inSync: null,
  changed: null,
  refused: null,
  unknown: null,
  add: null,
  remove: null,
  deleteEvents: null,
  unbindChats: null,
  notified: null,
  repliesLost: { accepted: null, tentative: null, declined: null },
  leftOut: { add: null, remove: null, events: null },
};

export const diagnosticShape: Shape = {
  severity: null,
  code: null,
  message: null,
  hint: null,
  source,
} satisfies ShapeOf<Diagnostic>;

export const planShape: Shape = {
  formatVersion: null,
  tool,
  createdAt: null,
  asOf: null,
  manifestDigest: null,
  digest: null,
  redacted: null,
  accounts,
  selection,
  maxRemovals: null,
  complete: null,
  applyable: null,
  summary: planSummary,
  requests: { used: null, needed: null },
  events: eventPlan,
  unmanaged,
  violations: violation,
  diagnostics: diagnosticShape,
} satisfies ShapeOf<Plan>;

const changeError: ShapeOf<ChangeError> = { code: null, message: null, hint: null, logId: null };
const changeResult: ShapeOf<ChangeResult> = {
  action: null,
  attendee,
  chatId: null,
  outcome: null,
  error: changeError,
};

const eventResult: ShapeOf<EventResult> = {
  name: null,
  outcome: null,
  changes: changeResult,
  newcomers: newcomer,
  notes: null,
  violations: violation,
  problem,
};

const resultSummary: ShapeOf<ResultSummary> = {
  events: null,
  converged: null,
  applied: null,
  unchanged: null,
  partial: null,
  failed: null,
  refused: null,
  unknown: null,
  notConverged: null,
  notAttempted: null,
  interrupted: null,
  added: null,
  removed: null,
  failedChanges: null,
  eventsDeleted: null,
  chatsUnbound: null,
};

export const resultShape: Shape = {
  formatVersion: null,
  runId: null,
  planDigest: null,
  redacted: null,
  journal: null,
  exitCode: null,
  requests: { used: null },
  summary: resultSummary,
  events: eventResult,
} satisfies ShapeOf<Result>;
