import type { Plan } from '../model/plan.ts';
import { groupChanges } from './plan-changes-text.ts';

/**
 * The three numbers that a merge request on GitLab shows of a plan (GitLab: `artifacts:reports:terraform`). `create`
 * counts attendees to be added. `update` counts those whose optional flag is replaced, each once. `delete` counts
 * attendees to be removed, meeting chats to be unbound, and events to be deleted, each as one however many attend it.
 * What a guard refuses is counted too, as in the totals of every report: the plan asks for it.
 */
export function planGitlab(plan: Plan): string {
  const groups = plan.events.map(({ changes }) => groupChanges(changes));
  const total = (count: (group: (typeof groups)[number]) => number): number =>
    groups.reduce((sum, group) => sum + count(group), 0);
  const report = {
    create: total(({ additions }) => additions.length),
    update: total(({ replacements }) => replacements.length),
    delete: total(
      ({ removals, unbindings, deletions }) => removals.length + unbindings.length + deletions.length,
    ),
  };
  return `${JSON.stringify(report)}\n`;
}
