import type { Attendee } from '../model/attendee.ts';
import type { Diagnostic, Problem } from '../model/diagnostic.ts';
import { given } from '../model/given.ts';
import type { Change, EventPlan, Plan, PlanAttendee, Violation } from '../model/plan.ts';
import type { ChangeError, ChangeResult, EventResult, Newcomer, Result } from '../model/result.ts';
import {
  changeWords,
  codeForm,
  diagnosticWords,
  logIdForm,
  notRepeated,
  problemWords,
} from './redact-words.ts';
import { createTextIndex, secretKey, type Secret, type SecretKind, struckOut } from './redact-text.ts';

/** What tells who people are, and what may be told, as far as it is known beside plans and results. */
export interface Known {
  readonly secrets: readonly Secret[];
  /** Names of events and rosters, and files. */
  readonly open: readonly string[];
}

/**
 * Takes people out of what is shown. Everybody gets an ordinal (`user-1`, `email-2`) in the order of the plan, and
 * keeps it: in the plan, the result and the messages. Not a hash: an address is guessed from one in seconds.
 */
export interface Redactor {
  /** Makes texts known that messages may quote. */
  learn(known: Known): void;
  /** Without names, ids, titles, digests and fingerprints. */
  plan(plan: Plan): Plan;
  result(result: Result): Result;
  diagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[];
  /** Without what the platform says. */
  problem(problem: Problem): Problem;
  /** Gives everybody who is to be named in a text an ordinal, in this order. */
  number(attendees: readonly (Attendee & { readonly name?: string | undefined })[]): void;
  /**
   * Any text for the terminal. It gives no ordinals, so as not to get ahead of the plan: `***` for anyone who has
   * none.
   */
  line(text: string): string;
}

/** The address in hints on how addresses are written. */
const exampleAddress = 'somebody@example.com';

/** A redactor that has seen nobody yet. */
export function createRedactor(): Redactor {
  const index = createTextIndex();
  index.keep(exampleAddress);
  const labels = new Map<string, string>();

  const labelOf = (key: string): string => {
    const known = labels.get(key);
    if (known !== undefined) return known;
    const fresh = `${key.slice(0, key.indexOf(':'))}-${labels.size + 1}`;
    labels.set(key, fresh);
    return fresh;
  };
  const named = (kind: SecretKind, id: string, aliases: readonly (string | undefined)[] = []): string => {
    const key = secretKey({ kind, text: id });
    // A name can be learnt after the id: it is hidden whenever it comes.
    for (const text of [id, ...aliases]) if (text !== undefined) index.hide(text, key);
    return labelOf(key);
  };
  const text = (value: string): string => index.replace(value, labelOf);
  /** A code or an id of the platform's: what is none, or holds somebody known, is not told. */
  const token = (value: string | undefined, form: RegExp): string | undefined =>
    value !== undefined && form.test(value) && text(value) === value ? value : undefined;

  function attendee(one: PlanAttendee): PlanAttendee {
    const id = named(one.type, one.id, [one.name, one.attendeeId]);
    const { type, optional, reply } = one;
    return { type, id, optional, ...given({ reply }) };
  }

  function change(one: Change): Change {
    switch (one.action) {
      case 'remove':
        return { ...one, attendee: attendee(one.attendee) };
      case 'add':
        return { ...one, attendee: attendee(one.attendee) };
      case 'unbind-chat':
        return { ...one, chatId: named('chat', one.chatId) };
      case 'delete-event':
        return one;
    }
  }

  const violation = (one: Violation): Violation => ({ ...one, message: text(one.message) });

  function problem(one: Problem): Problem {
    const { code, hint } = one;
    const platformCode = token(one.platformCode, codeForm);
    const logId = token(one.logId, logIdForm);
    return {
      code,
      message: problemWords[code],
      ...given({ hint: hint && text(hint) }),
      ...given({ platformCode, logId }),
    };
  }

  function changeError({ code, hint, logId: id }: ChangeError): ChangeError {
    const logId = token(id, logIdForm);
    return {
      code: token(code, codeForm) ?? struckOut,
      message: changeWords.get(code) ?? notRepeated,
      ...given({ hint: hint && text(hint) }),
      ...given({ logId }),
    };
  }

  // The author's line is not among what is kept: it names people as it likes.
  function diagnostic(told: Diagnostic): Diagnostic {
    const { excerpt: _, ...one } = told;
    const words = diagnosticWords.get(one.code);
    if (words !== undefined) {
      const { hint: __, ...rest } = one;
      return { ...rest, message: words };
    }
    const { hint } = one;
    return { ...one, message: text(one.message), ...given({ hint: hint && text(hint) }) };
  }

  const calendar = (id: string): string => (isPersonal(id) ? named('calendar', id) : id);

  /** Everything that has an ordinal of its own, in the order that it is printed in. */
  function eventPeople(event: EventPlan): EventPlan {
    const { named: others = [], ...rest } = event;
    const { organizer, roomContact, event: facts, observed } = rest;
    const redacted = {
      ...rest,
      calendarId: calendar(event.calendarId),
      ...given({
        organizer: organizer && named('user', organizer),
        roomContact: roomContact && named('user', roomContact),
        event: facts && redactedFacts(facts),
        observed: observed && { count: observed.count, managed: observed.managed },
      }),
      changes: event.changes.map(change),
      kept: event.kept.map((row) => ({ ...row, attendee: attendee(row.attendee) })),
      missing: event.missing.map((row) => ({ ...row, attendee: attendee(row.attendee) })),
      drift: event.drift.map((row) => ({ ...row, attendee: attendee(row.attendee) })),
    };
    for (const { type, id, name } of others) named(type, id, [name]);
    return redacted;
  }

  function redactedFacts(facts: NonNullable<EventPlan['event']>): NonNullable<EventPlan['event']> {
    const { summary, ...rest } = facts;
    return summary === undefined || summary === '' ? rest : { summary: named('event', summary), ...rest };
  }

  function eventTexts(event: EventPlan): EventPlan {
    const { problem: fault } = event;
    return {
      ...event,
      violations: event.violations.map(violation),
      notes: event.notes.map(text),
      ...given({ problem: fault && problem(fault) }),
    };
  }

  function changeResult(one: ChangeResult): ChangeResult {
    const { error, attendee: who, chatId } = one;
    return {
      ...one,
      ...given({
        attendee: who && attendee(who),
        chatId: chatId && named('chat', chatId),
        error: error && changeError(error),
      }),
    };
  }

  const newcomer = ({ type, id, name }: Newcomer): Newcomer => ({ type, id: named(type, id, [name]) });

  function eventResult(event: EventResult): EventResult {
    const { problem: fault } = event;
    return {
      ...event,
      changes: event.changes.map(changeResult),
      newcomers: event.newcomers.map(newcomer),
      notes: event.notes.map(text),
      violations: event.violations.map(violation),
      ...given({ problem: fault && problem(fault) }),
    };
  }

  return {
    learn: ({ secrets, open }) => {
      for (const one of open) index.keep(one);
      for (const secret of secrets) index.hide(secret.text, secretKey(secret));
    },
    plan: (plan) => {
      for (const one of openTexts(plan)) index.keep(one);
      const { digest: _, manifestDigest: __, ...rest } = plan;
      // Messages come last: they may name people who stand further down.
      const events = plan.events.map(eventPeople).map(eventTexts);
      const unmanaged = plan.unmanaged?.map((one) => ({ ...one, calendarId: calendar(one.calendarId) }));
      return {
        ...rest,
        events,
        ...given({ unmanaged }),
        violations: plan.violations.map(violation),
        diagnostics: plan.diagnostics.map(diagnostic),
        redacted: true,
      };
    },
    result: (result) => {
      for (const { name } of result.events) index.keep(name);
      const { planDigest: _, ...rest } = result;
      return { ...rest, events: result.events.map(eventResult), redacted: true };
    },
    diagnostics: (diagnostics) => {
      for (const { source } of diagnostics) if (source !== undefined) index.keep(source.file);
      return diagnostics.map(diagnostic);
    },
    problem,
    number: (attendees) => {
      for (const { type, id, name } of attendees) named(type, id, [name]);
    },
    line: (value) => index.replace(value, (key) => labels.get(key) ?? struckOut),
  };
}

/** The calendar of a person, as calendars that come from elsewhere are called: by an address. */
function isPersonal(calendarId: string): boolean {
  return calendarId.includes('@') && !calendarId.includes('@group.calendar.');
}

function openTexts(plan: Plan): string[] {
  return [
    ...(plan.unmanaged ?? []).flatMap(({ name, source }) => [name, source.file]),
    ...plan.events.flatMap((event) => [
      event.name,
      event.source.file,
      ...[...event.changes, ...event.missing, ...event.drift].flatMap(({ source, via = [] }) => [
        ...(source === undefined ? [] : [source.file]),
        ...via,
      ]),
    ]),
    ...plan.diagnostics.flatMap(({ source }) => (source === undefined ? [] : [source.file])),
  ];
}
