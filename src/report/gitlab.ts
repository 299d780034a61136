import type { Plan } from '../model/plan.ts';
import { planView } from './view/plan.ts';
import type { RowKind } from './view/rows.ts';

/**
 * The three numbers that a merge request on GitLab shows of a plan (GitLab: `artifacts:reports:terraform`), of what will
 * be done: nothing that a guard refuses is counted. `create` counts attendees to be added. `update` counts those whose
 * optional flag is replaced, each once. `delete` counts attendees to be removed, meeting chats to be unbound, and events
 * to be deleted, each as one however many attend it.
 */
export function planGitlab(plan: Plan): string {
  const view = planView(plan);
  const events = view.state === 'stopped' ? [] : view.events.filter(({ status }) => status === 'changed');
  const total = (...kinds: readonly RowKind[]): number =>
    events.reduce((sum, { counts }) => sum + kinds.reduce((some, kind) => some + counts[kind], 0), 0);
  const report = {
    create: total('add'),
    update: total('replace'),
    delete: total('remove', 'unbind', 'delete'),
  };
  return `${JSON.stringify(report)}\n`;
}
