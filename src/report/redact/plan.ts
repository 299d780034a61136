import { given } from '../../model/given.ts';
import type { PlanOccurrence } from '../../model/occurrence.ts';
import type { Change, EventPlan, Plan, PlanAttendee } from '../../model/plan.ts';
import { sourceWords } from '../../model/organisation.ts';
import { told } from '../../model/say.ts';
import type { Labels } from './labels.ts';
import { redactDiagnostic, redactNotes, redactProblem, redactViolation } from './messages.ts';

/** A plan without names, ids, titles, digests and fingerprints. */
export function redactPlan(plan: Plan, labels: Labels): Plan {
  const { digest: _, manifestDigest: __, locked: ___, ...rest } = plan;
  // Messages come last: they may name people who stand further down.
  const events = plan.events
    .map((event) => redactPeople(event, labels))
    .map((event) => redactTexts(event, labels));
  const { sources, viaOf } = redactSources(plan.sources, labels);
  const unmanaged = plan.unmanaged?.map((one) => ({
    ...one,
    calendarId: redactCalendar(one.calendarId, labels),
  }));
  return {
    ...rest,
    events: events.map((event) => redactVia(event, viaOf)),
    ...given({ sources, unmanaged }),
    violations: plan.violations.map((one) => redactViolation(one, labels)),
    diagnostics: plan.diagnostics.map((one) => redactDiagnostic(one, labels)),
    redacted: true,
  };
}

type ViaOf = (via: readonly string[]) => readonly string[];

/** What rosters were expanded from, and what stands for it where something came through it. */
function redactSources(
  sources: Plan['sources'],
  labels: Labels,
): { readonly sources: Plan['sources']; readonly viaOf: ViaOf } {
  const words = new Map<string, string>();
  const redacted = sources?.map((source) => {
    const { digest: _, ...one } = source;
    const id = labels.of(one.kind, one.id, one.name ?? undefined);
    words.set(sourceWords(one, one.name), sourceWords({ ...one, id }, null));
    return { ...one, id, name: null };
  });
  return { sources: redacted, viaOf: (via) => via.map((text) => words.get(text) ?? text) };
}

function redactVia(event: EventPlan, viaOf: ViaOf): EventPlan {
  const hidden = <Row extends { readonly via?: readonly string[] }>(row: Row): Row =>
    row.via === undefined ? row : { ...row, via: viaOf(row.via) };
  const { desired, occurrences } = event;
  return {
    ...event,
    ...given({ desired: desired && { count: desired.count } }),
    changes: event.changes.map(hidden),
    missing: event.missing.map(hidden),
    drift: event.drift.map(hidden),
    ...given({
      occurrences: occurrences?.map(({ differs, ...one }) => ({
        ...one,
        ...given({
          differs: differs && {
            changes: differs.changes.map(hidden),
            missing: differs.missing.map(hidden),
            drift: differs.drift.map(hidden),
          },
        }),
      })),
    }),
  };
}

/** Somebody, by a label. */
export function redactAttendee(one: PlanAttendee, labels: Labels): PlanAttendee {
  const { type, optional, reply } = one;
  return { type, id: labels.of(type, one.id, one.name, one.attendeeId), optional, ...given({ reply }) };
}

/** Calendars that come from elsewhere are called by the address of a person. */
export function redactCalendar(id: string, labels: Labels): string {
  return id.includes('@') && !id.includes('@group.calendar.') ? labels.of('calendar', id) : id;
}

function redactChange(one: Change, labels: Labels): Change {
  switch (one.action) {
    case 'remove':
      return { ...one, attendee: redactAttendee(one.attendee, labels) };
    case 'add':
      return { ...one, attendee: redactAttendee(one.attendee, labels) };
    case 'unbind-chat':
      return { ...one, chatId: labels.of('chat', one.chatId) };
    case 'delete-event':
      return one;
  }
}

/** Everything that has an ordinal of its own, in the order that it is printed in. */
function redactPeople(event: EventPlan, labels: Labels): EventPlan {
  const { named = [], remembered: _, ...rest } = event;
  const { organizer, roomContact, event: facts, observed } = rest;
  const hidden = hiding(labels);
  const redacted = {
    ...rest,
    calendarId: redactCalendar(event.calendarId, labels),
    ...given({
      organizer: organizer && labels.of('user', organizer),
      roomContact: roomContact && labels.of('user', roomContact),
      event: facts && redactFacts(facts, labels),
      observed: observed && { count: observed.count, managed: observed.managed },
    }),
    changes: event.changes.map((one) => redactChange(one, labels)),
    kept: event.kept.map(hidden),
    missing: event.missing.map(hidden),
    drift: event.drift.map(hidden),
    ...given({ occurrences: event.occurrences?.map((one) => redactOccurrence(one, labels)) }),
    ...given({ skipped: event.skipped?.map(hidden) }),
  };
  for (const { type, id, name } of named) labels.of(type, id, name);
  return redacted;
}

/** Rows without people. */
function hiding(
  labels: Labels,
): <ChangeRow extends { readonly attendee: PlanAttendee }>(row: ChangeRow) => ChangeRow {
  return (row) => ({ ...row, attendee: redactAttendee(row.attendee, labels) });
}

function redactOccurrence({ summary, differs, ...rest }: PlanOccurrence, labels: Labels): PlanOccurrence {
  const hidden = hiding(labels);
  return {
    ...rest,
    ...given({
      summary: summary && labels.of('event', summary),
      differs: differs && {
        changes: differs.changes.map((one) => redactChange(one, labels)),
        missing: differs.missing.map(hidden),
        drift: differs.drift.map(hidden),
      },
    }),
  };
}

function redactFacts(facts: NonNullable<EventPlan['event']>, labels: Labels): EventPlan['event'] {
  const { summary, ...rest } = facts;
  return summary === undefined || summary === '' ? rest : { summary: labels.of('event', summary), ...rest };
}

function redactTexts(event: EventPlan, labels: Labels): EventPlan {
  const { [told]: _, ...rest } = event;
  return {
    ...rest,
    violations: event.violations.map((one) => redactViolation(one, labels)),
    notes: redactNotes(event, labels),
    ...given({ problem: event.problem && redactProblem(event.problem, labels) }),
  };
}
