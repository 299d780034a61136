import type { Plan } from '../../model/plan.ts';
import { platforms, providerIds } from '../../platforms/index.ts';
import { type Fact, factsMarkup, idMarkup, type Markup, markup, momentMarkup, nothing } from './markup.ts';
import { callLines, selectionLines } from '../plan-text.ts';

/** The foot of the page: what identifies the plan and how it was made. */
export function aboutMarkup(plan: Plan): Markup {
  const chosen = selectionLines(plan.selection);
  const facts: readonly Fact[] = [
    ['Made', momentMarkup(plan.createdAt)],
    ['As of', plan.asOf],
    ['Digest', plan.digest === undefined ? 'none: the plan is redacted' : idMarkup(plan.digest)],
    ['Manifests', digestMarkup(plan.manifestDigest)],
    ...accountFacts(plan),
    ['Selection', chosen.length === 0 ? 'All events.' : chosen.join(' ')],
    ['Removals of a run', `at most ${plan.maxRemovals}`],
    ['Calls', callLines(plan).join(' ').replace('Calls: ', '')],
    ['Made by', `${plan.tool.name} ${plan.tool.version}`],
  ];
  return markup`<footer>
<h2>About this plan</h2>
${factsMarkup(facts)}</footer>
`;
}

/** Absent where no manifest could be used, and in a redacted plan. */
function digestMarkup(digest: string | undefined): Markup | undefined {
  return digest === undefined || digest === '' ? undefined : idMarkup(digest);
}

function accountFacts({ accounts }: Plan): Fact[] {
  return providerIds.flatMap((id): Fact[] => {
    const account = accounts[id];
    if (account === undefined) return [];
    const app = account.appId === null ? nothing : markup`, app ${idMarkup(account.appId)}`;
    return [[platforms[id].title, markup`<bdi>${account.host}</bdi>${app}`]];
  });
}
