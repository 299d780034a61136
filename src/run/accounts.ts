import type { Plan, PlanAccount } from '../model/plan.ts';
import { type ProviderId, platforms } from '../platforms/index.ts';
import { PlanRefusedError } from './usage-error.ts';

type Accounts = Readonly<Partial<Record<ProviderId, PlanAccount>>>;

/**
 * Refuses a plan of another host or app. `accepted` is an app whose plans are taken too, for what means the same to
 * every app: some user ids are an app's own, and `primary` is the caller's calendar.
 *
 * @throws PlanRefusedError
 */
export function checkPlanAccounts(plan: Plan, accounts: Accounts, accepted: string | undefined): void {
  const again = 'Make a new plan with: rollcall plan --out FILE';
  for (const provider of new Set(plan.events.map((event) => event.provider))) {
    const made = plan.accounts[provider];
    const own = accounts[provider];
    const { title } = platforms[provider];
    if (made?.host !== own?.host) {
      throw refusal(`the plan is for ${title} at ${hostOf(made)}, not at ${hostOf(own)}`, again);
    }
    if (!isOtherApp(made, own)) continue;
    const app = made?.appId ?? '';
    if (app !== accepted) {
      throw refusal(
        `the plan was made by the ${title} app ${app}, but this is ${own?.appId ?? ''}`,
        `Accept that app's plans with --plan-account ${app}, or plan with this app.`,
      );
    }
    const bound = plan.events.find(
      (event) => event.provider === provider && event.status === 'changed' && isBoundToApp(event),
    );
    if (bound === undefined) continue;
    const what = isOfApp(bound) ? `userIdType ${bound.userIdType}` : 'calendarId primary';
    const ofAll = platforms[provider].event.userIds.filter(({ perApp }) => perApp !== true);
    throw refusal(
      `${bound.name} means something else to another app: it uses ${what}`,
      `Use userIdType ${ofAll.map(({ type }) => type).join(' or ')} and the full calendar id, or plan with the app that applies.`,
    );
  }
}

/**
 * Refuses to undo the run of another host or app. `journalled` are the accounts of the run, `own` those in use now.
 *
 * @throws PlanRefusedError
 */
export function checkJournalAccounts(journalled: Accounts, own: Accounts): void {
  const hint = 'Revert with the account that made the run.';
  for (const [key, account] of Object.entries(own)) {
    // The keys are the providers that sessions were opened for.
    const provider = key as ProviderId;
    const made = journalled[provider];
    const { title } = platforms[provider];
    if (made?.host !== account.host) {
      throw refusal(`the run was made on ${title} at ${hostOf(made)}, but this is ${account.host}`, hint);
    }
    if (isOtherApp(made, account)) {
      throw refusal(`the run was made by the ${title} app ${made.appId}, but this is ${account.appId}`, hint);
    }
  }
}

/** With a token alone the app is not known; then the host has to do. */
function isOtherApp(made: PlanAccount | undefined, own: PlanAccount | undefined): boolean {
  return made?.appId != null && own?.appId != null && made.appId !== own.appId;
}

function hostOf(account: PlanAccount | undefined): string {
  return account?.host ?? 'no host';
}

function isBoundToApp(event: Plan['events'][number]): boolean {
  // Where a calendar has to be named, `primary` is the caller's own; elsewhere it is the organizer's.
  const ofCaller =
    event.calendarId === 'primary' && platforms[event.provider].event.calendarId === 'required';
  return isOfApp(event) || ofCaller;
}

function isOfApp({ provider, userIdType }: Plan['events'][number]): boolean {
  return platforms[provider].event.userIds.some(({ type, perApp }) => type === userIdType && perApp === true);
}

function refusal(message: string, hint: string): PlanRefusedError {
  return new PlanRefusedError('account', message, hint);
}
