import type { Grants } from '../../model/grants.ts';
import type { GrantSearch } from '../find.ts';
import { failureOf } from '../problem.ts';
import { rowOf } from './errors.ts';

/**
 * Which scopes the service account is delegated: each is tried by asking for a token with it for one of the organizers.
 * Of a token that was given nothing is told.
 */
export async function grants(search: GrantSearch): Promise<Grants> {
  const { client, wanted, subject, signal, problemOf } = search;
  const nothing: Grants = { told: new Map(), listed: false, range: null, problem: null };
  if (client.account.accessToken !== null || subject === undefined) return nothing;
  const told = new Map<string, boolean>();
  for (const scope of wanted) {
    if (scope.includes('/admin.directory.')) continue;
    try {
      await client.letIn({ scopes: [scope], subject }, signal);
      told.set(scope, true);
    } catch (error) {
      // Nobody of this address, or a key that is not accepted: no scope would change that.
      if (rowOf(failureOf(error, signal).code)?.permission !== true) {
        return { told, listed: false, range: null, problem: problemOf(error) };
      }
      told.set(scope, false);
    }
  }
  if ([...told.values()].some((has) => has) || told.size === 0) return { ...nothing, told };
  const message = 'no scope is delegated to the service account, so it may act for nobody';
  const hint = rowOf('unauthorized_client')?.hint;
  return {
    ...nothing,
    told,
    problem: { code: 'credentials', message, ...(hint === undefined ? {} : { hint }) },
  };
}
