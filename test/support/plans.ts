import { planSummary } from '../../src/diff/summary.ts';
import type { Change, EventPlan, Plan, PlanAttendee } from '../../src/model/plan.ts';
import type { ChangeResult, EventOutcome, EventResult, Result } from '../../src/model/result.ts';

/** Builders of plans and results: what a test does not name is ordinary. */

const digest = `sha256:${'ab'.repeat(32)}`;

export function user(id: string, name?: string, optional: boolean = false): PlanAttendee {
  return { type: 'user', id, optional, ...(name === undefined ? {} : { name }) };
}

export function removal(
  attendee: PlanAttendee,
  more: Partial<Extract<Change, { action: 'remove' }>> = {},
): Change {
  return { action: 'remove', attendee, reason: 'not-in-manifest', certain: true, ...more };
}

export function addition(
  attendee: PlanAttendee,
  more: Partial<Extract<Change, { action: 'add' }>> = {},
): Change {
  return {
    action: 'add',
    attendee,
    reason: 'in-manifest',
    certain: true,
    source: { file: 'rosters/oncall.yaml', line: 12, column: 7 },
    via: ['platform-team'],
    ...more,
  };
}

export function eventPlan(name: string, more: Partial<EventPlan> = {}): EventPlan {
  return {
    name,
    provider: 'feishu',
    calendarId: 'feishu.cn_demo@group.calendar.feishu.cn',
    eventId: 'weekly_0',
    source: { file: `events/${name}.yaml`, line: 1, column: 1 },
    userIdType: 'open_id',
    sync: 'exact',
    external: 'keep',
    notify: false,
    notified: 0,
    order: 'adds-first',
    limits: {
      maxRemovals: null,
      allowEmpty: false,
      allowDelete: false,
      allowPast: false,
      maxAdditions: null,
      maxNotified: 200,
      allowed: null,
    },
    status: more.changes === undefined ? 'in-sync' : 'changed',
    observed: { count: 20, managed: 19, fingerprint: digest, members: 'AAECAwQFBgc=' },
    desired: { count: 19 },
    changes: [],
    kept: [],
    missing: [],
    drift: [],
    violations: [],
    notes: [],
    ...more,
  };
}

export function plan(events: readonly EventPlan[], more: Partial<Plan> = {}): Plan {
  const having = (status: EventPlan['status']): number =>
    events.filter((event) => event.status === status).length;
  const violations = more.violations ?? [];
  return {
    formatVersion: '1',
    tool: { name: 'rollcall', version: '0.1.0' },
    createdAt: '2026-11-20T08:00:00Z',
    asOf: '2026-11-20',
    manifestDigest: digest,
    digest,
    accounts: { feishu: { host: 'open.feishu.cn', appId: 'cli_demo' } },
    selection: { target: [], exclude: [], selector: [] },
    maxRemovals: 1000,
    complete: having('unknown') === 0,
    applyable: having('unknown') + having('refused') + violations.length === 0,
    summary: planSummary(events, violations.length > 0),
    requests: { used: 14, needed: 3 },
    events,
    violations,
    diagnostics: [],
    ...more,
  };
}

export function changeResult(change: Change, more: Partial<ChangeResult> = {}): ChangeResult {
  return {
    action: change.action,
    ...('attendee' in change ? { attendee: change.attendee } : {}),
    ...('chatId' in change ? { chatId: change.chatId } : {}),
    outcome: 'done',
    ...more,
  };
}

export function eventResult(
  name: string,
  outcome: EventOutcome,
  changes: readonly ChangeResult[],
  more: Partial<EventResult> = {},
): EventResult {
  return { name, outcome, changes, newcomers: [], notes: [], violations: [], ...more };
}

export function result(events: readonly EventResult[], more: Partial<Result> = {}): Result {
  const ended = (outcome: EventOutcome): number => events.filter((event) => event.outcome === outcome).length;
  const changes = events.flatMap((event) => event.changes);
  const done = (action: Change['action']): number =>
    changes.filter((change) => change.action === action && change.outcome === 'done').length;
  return {
    formatVersion: '1',
    runId: '20261120T080000Z-1a2b',
    planDigest: digest,
    journal: '.rollcall/runs/20261120T080000Z-1a2b.ndjson',
    exitCode: 0,
    requests: { used: 21 },
    summary: {
      events: events.length,
      converged: ended('converged'),
      applied: ended('applied'),
      unchanged: ended('unchanged'),
      partial: ended('partial'),
      failed: ended('failed'),
      refused: ended('refused'),
      unknown: ended('unknown'),
      notConverged: ended('not-converged'),
      notAttempted: ended('not-attempted'),
      interrupted: ended('interrupted'),
      added: done('add'),
      removed: done('remove'),
      failedChanges: changes.filter(({ outcome }) => outcome === 'failed').length,
      eventsDeleted: done('delete-event'),
      chatsUnbound: done('unbind-chat'),
    },
    events,
    ...more,
  };
}
