import { counted } from '../../model/say.ts';
import type { Problem } from '../../model/diagnostic.ts';
import type { DesiredEvent } from '../../model/event.ts';
import type { Finding } from '../../model/finding.ts';
import type { ContactRange, Grants, Use } from '../../model/grants.ts';
import { type ProviderId, platforms } from '../../platforms/index.ts';
import type { Finder, Reader, Turn } from '../../providers/provider.ts';
import type { Beside } from '../../providers/side-by-side.ts';
import { calendarFindings } from './calendars.ts';
import { eventFindings } from './events.ts';
import { needsOf, permissionFindings } from './permissions.ts';

/** How what is found may be shown. */
export interface Shown {
  readonly calendar: (id: string) => string;
  readonly problem: (problem: Problem) => Problem;
}

/** With what a platform is examined: it can read, and nothing else. */
export interface ExamineTools extends Beside {
  readonly finder: Finder;
  readonly readerOf: (turn: Turn) => Reader;
  readonly onRead: (done: number, total: number) => void;
  readonly shown: Shown;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The same, and what the reads show of permissions and credentials. */
export interface Examining extends ExamineTools {
  readonly saw: (use: Use, problem: Problem | null) => void;
  /** The account is a token that was given, and acts for one person. */
  readonly actsForPerson: boolean;
}

/** Whose account it is, as plans name it. */
export interface ExaminedAccount {
  readonly host: string;
  readonly appId: string | null;
  /** The proxy that is set, where the host is not on this machine. */
  readonly proxy: string | null;
}

/**
 * How the account of a platform stands to what its events need: whether it is let in, what it is permitted, which
 * calendars and events it can change. Without events, what any manifest needs.
 */
export async function examine(
  provider: ProviderId,
  account: ExaminedAccount,
  events: readonly DesiredEvent[],
  tools: ExamineTools,
): Promise<Finding[]> {
  const needs = needsOf(provider, events);
  const known = platforms[provider].permissions.of;
  const uses = [
    ...needs.uses.map((use) => ({ use, needed: true })),
    ...(known['read-calendars'] === undefined ? [] : [{ use: 'read-calendars', needed: false } as const]),
  ];
  const wanted = new Set(uses.flatMap(({ use }) => (known[use] ?? []).flat().map(({ code }) => code)));
  const evidence = new Map<Use, boolean>();
  const door = new Door(provider, account, tools.shown);
  const saw = (use: Use, problem: Problem | null): void => {
    door.saw(problem);
    if (problem === null) evidence.set(use, true);
    else if (isRefusal(provider, problem) && evidence.get(use) === undefined) evidence.set(use, false);
  };
  const subject = events.find(({ ref }) => ref.organizer !== undefined)?.ref.organizer;
  const grants = await tools.finder.grants(wanted, tools.signal, subject);
  const answered = grants.listed || grants.range !== null || grants.entered === true;
  if (answered || grants.problem !== null) door.saw(grants.problem);
  if (door.isShut) return [...door.findings(), ...permissionFindings(provider, uses, null, new Map())];
  const actsForPerson = account.appId === null && platforms[provider].event.organizer === 'subject';
  const examining = { ...tools, saw, actsForPerson };
  if (events.length === 0 && actsForPerson) await tryEvents(examining);
  const calendars = await calendarFindings(provider, events, examining);
  const read = door.isShut ? [] : await eventFindings(provider, events, calendars.ids, examining);
  return [
    ...door.findings(),
    ...permissionFindings(provider, uses, grants, evidence),
    rangeFinding(provider, grants, needs.people, tools.shown),
    ...calendars.findings,
    ...read,
  ];
}

/** Without manifests, whether the person's events can be read: those of a day are asked for. */
async function tryEvents({ finder, signal, saw, now }: Examining): Promise<void> {
  const day = { fromMs: now(), toMs: now() + 86_400_000 };
  const found = await finder.find('events', { texts: [], ...day }, signal);
  saw('read-events', found.complete ? null : found.problem);
}

function isRefusal(provider: ProviderId, { platformCode }: Problem): boolean {
  return platformCode !== undefined && platforms[provider].permissions.refusals.includes(platformCode);
}

/** Whether the platform is reached and lets the account in, as all that is asked of it shows. */
class Door {
  readonly #base: Pick<Finding, 'provider' | 'needed' | 'permission' | 'name'>;
  readonly #account: ExaminedAccount;
  readonly #shown: Shown;
  #refused: Problem | null = null;
  #unreached: Problem | null = null;
  #entered = false;

  constructor(provider: ProviderId, account: ExaminedAccount, shown: Shown) {
    this.#base = { provider, needed: true, permission: null, name: account.host };
    this.#account = account;
    this.#shown = shown;
  }

  saw(problem: Problem | null): void {
    if (problem?.code === 'credentials') this.#refused ??= problem;
    else if (problem !== null && problem.platformCode === undefined) this.#unreached ??= problem;
    else this.#entered = true;
  }

  get isShut(): boolean {
    return this.#refused !== null || (this.#unreached !== null && !this.#entered);
  }

  findings(): Finding[] {
    const { host, appId, proxy } = this.#account;
    const through = proxy === null ? '' : `; HTTPS_PROXY names ${proxy}`;
    const reached = this.#entered || this.#refused !== null;
    const far = this.#unreached === null ? null : this.#shown.problem(this.#unreached);
    const no = this.#refused === null ? null : this.#shown.problem(this.#refused);
    const whose = appId === null ? 'the token that was given' : `app ${appId}`;
    return [
      {
        ...this.#base,
        subject: 'host',
        ...(reached
          ? { status: 'ok', message: `answers${through}`, hint: null }
          : far === null
            ? { status: 'unknown', message: 'was not asked', hint: null }
            : {
                status: 'wrong',
                message: `does not answer: ${far.message}${through}`,
                hint: far.hint ?? null,
              }),
      },
      {
        ...this.#base,
        subject: 'credentials',
        name: appId ?? host,
        ...(no !== null
          ? { status: 'wrong', message: no.message, hint: no.hint ?? null }
          : this.#entered
            ? { status: 'ok', message: `${whose} is accepted`, hint: null }
            : { status: 'unknown', message: `${whose}: got no answer`, hint: null }),
      },
    ];
  }
}

function rangeFinding(provider: ProviderId, grants: Grants, needed: boolean, shown: Shown): Finding {
  const { range: where } = platforms[provider].permissions;
  const base = { provider, subject: 'range', name: 'people', needed, permission: null } as const;
  if (grants.range === null) {
    const { message, hint } = grants.problem === null ? { message: '' } : shown.problem(grants.problem);
    const why = message === '' ? 'the platform does not tell this account whom the app may see' : message;
    return { ...base, needed: false, status: 'unknown', message: why, hint: hint ?? null };
  }
  if (grants.range.whole) return { ...base, status: 'ok', message: 'the app may see everybody', hint: null };
  return {
    ...base,
    status: 'ok',
    message: `the app may see ${rangeWords(grants.range)}`,
    hint: `People outside that range cannot be found; rollcall never treats them as gone. To widen it, change ${where}.`,
  };
}

function rangeWords({ departments, users, groups }: Extract<ContactRange, { whole: false }>): string {
  const parts = [
    departments === 0 ? '' : counted(departments, 'department'),
    users === 0 ? '' : counted(users, 'person', 'people'),
    groups === 0 ? '' : counted(groups, 'user group'),
  ];
  return parts.filter((part) => part !== '').join(', ') || 'nobody';
}
