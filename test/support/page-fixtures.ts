import type { EventPlan, Plan } from '../../src/model/plan.ts';
import { refused, removals, unknown } from './plan-fixtures.ts';
import { addition, eventPlan, plan, removal, user } from './plans.ts';

/** Plans that a page is made from. */

/** Every platform and every status in one plan. */
export const mixed: Plan = plan(
  [
    ...refused.events,
    ...removals.events,
    ...unknown.events,
    eventPlan('lark-sync', {
      provider: 'lark',
      event: { summary: 'Lark sync – 每周例会', start: '2026-12-01', recurring: false },
      changes: [addition(user('ou_9', 'Ada')), addition(user('ou_10', 'Grace'))],
    }),
  ],
  {
    violations: refused.violations,
    diagnostics: refused.diagnostics,
    selection: refused.selection,
    accounts: {
      feishu: { host: 'open.feishu.cn', appId: 'cli_demo' },
      dingtalk: { host: 'api.dingtalk.com', appId: null },
    },
  },
);

/** 5,000 changes in 40 events. */
export const many: Plan = plan(
  Array.from({ length: 40 }, (_, event) =>
    eventPlan(`event-${String(event + 1).padStart(2, '0')}`, {
      observed: { count: 200, managed: 199 },
      changes: Array.from({ length: 125 }, (_, row) =>
        row % 3 === 0
          ? addition(user(`ou_${event + 1}_${row}`, `新人 ${row}`))
          : removal(user(`ou_${event + 1}_${row}`, `Person ${row}`)),
      ),
    }),
  ),
);

function redactedEvent(name: string): EventPlan {
  const { observed: _, ...event } = eventPlan(name, {
    event: { summary: 'event-1', recurring: false },
    changes: [removal(user('user-1')), addition({ type: 'email', id: 'email-2', optional: false })],
  });
  return { ...event, observed: { count: 20, managed: 19 } };
}

const { digest: _digest, ...withoutDigest } = plan([redactedEvent('platform-weekly')]);

/** As `--redact` leaves it: ordinals for people, no digest, no fingerprint. */
export const redacted: Plan = { ...withoutDigest, redacted: true };
