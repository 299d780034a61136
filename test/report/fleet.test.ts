import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FleetReport, TenantOutcome } from '../../src/model/fleet.ts';
import { fleetJsonParts } from '../../src/report/json.ts';
import { fleetMarkdown } from '../../src/report/markdown/fleet.ts';
import { redactFleet } from '../../src/report/redact/result.ts';
import { fleetText } from '../../src/report/text/fleet.ts';
import { plainTerminal } from '../../src/report/text/terminal.ts';

const hostile = 'a <script>|`x`| @everyone \u001b[31m\u202e\n::error::no [l](http://x.example)';

function outcome(exitCode: number, more: Partial<TenantOutcome> = {}): TenantOutcome {
  const none = { events: 2, by: { 'in-sync': 2 }, added: 0, removed: 0, problems: [], more: 0, calls: 4 };
  return { ...none, exitCode, drift: 'sha256:1', run: null, ...more };
}

const report: FleetReport = {
  formatVersion: '1',
  mode: 'apply',
  run: 'r|1`',
  exitCode: 4,
  maxRemovals: 5000,
  stopped: true,
  summary: {
    tenants: 6,
    done: 3,
    failed: 1,
    notAttempted: 1,
    open: 1,
    events: 6,
    added: 1,
    removed: 1200,
  },
  problems: [{ code: 'store-unreachable', message: 'the store (db) does not answer', hint: 'Wait.' }],
  tenants: [
    {
      tenant: '张三-corp',
      state: 'done',
      attempt: 1,
      outcome: outcome(4, { by: { converged: 1, partial: 1 }, added: 1, removed: 1200, run: 'r' }),
    },
    { tenant: 'beta', state: 'done', attempt: 2, outcome: outcome(0, { by: { unchanged: 2 } }) },
    {
      tenant: 'ceta',
      state: 'done',
      attempt: 1,
      outcome: outcome(1, {
        problems: [
          { event: hostile, code: 'list-failed', message: hostile, hint: hostile },
          {
            code: 'unknown-person',
            message: 'no Directory has the person "bob"',
            source: { file: 'a|.yaml', line: 3, column: 7 },
          },
        ],
        more: 12,
      }),
    },
    { tenant: 'delta', state: 'failed', attempt: 3, outcome: null },
    { tenant: 'epsilon', state: 'not-attempted', attempt: 0, outcome: null },
    { tenant: 'zeta', state: 'open', attempt: 1, outcome: null },
  ],
};

const terminal = plainTerminal((text) => text.length + (text.match(/[张三]/g)?.length ?? 0));

describe('a fleet run', () => {
  it('is a table in text, with problems below it, and nothing from outside is obeyed', () => {
    const text = [...fleetText(report, terminal)].join('');
    expect(text).toMatchInlineSnapshot(`
      "TENANT     RESULT         ADD  REMOVE  ATTEMPT  EVENTS
      张三-corp  incomplete       1   1,200  1        1 converged, 1 partial
      beta       in sync          0       0  2        2 unchanged
      ceta       failed           0       0  1        2 in sync
      delta      failed                      3
      epsilon    not attempted
      zeta       not finished                1

      ceta: failed
        ! list-failed: a <script>|\`x\`| @everyone \\u001b[31m\\u202e\\n::error::no [l](http://x.example): a <script>|\`x\`| @everyone \\u001b[31m\\u202e\\n::error::no [l](http://x.example)
          a <script>|\`x\`| @everyone \\u001b[31m\\u202e\\n::error::no [l](http://x.example)
        ! unknown-person: a|.yaml:3:7: no Directory has the person "bob"
        and 12 more

      delta: failed
        ! attempts: three replicas died while working on it
          See their logs: they may be short of memory. What was written is in the store: rollcall history.

        ! store-unreachable: the store (db) does not answer
          Wait.

      Fleet apply r|1\`: 1 person added, 1,200 removed.
      6 tenants, 6 events: 1 incomplete, 1 in sync, 2 failed, 1 not attempted, 1 not finished.
      Stopped: the removals of all tenants are more than 5,000. If that is intended, raise --max-removals and start another --run; or choose fewer tenants with --selector.
      Run the same command again to continue with what is not done.
      Plan again to see what is left. Changes that were made are not repeated.
      What was added and removed in attempts whose replica died is not counted here: see rollcall history.
      "
    `);
    // oxlint-disable-next-line no-control-regex -- what a terminal would obey
    expect(text).not.toMatch(/[\u001b\u202e]/);
  });

  it('is a table in Markdown, and shorter where that is too long', () => {
    expect(fleetMarkdown(report)).toMatchInlineSnapshot(`
      "## rollcall fleet apply

      **Fleet apply \`r\`&#124;\`\` 1\` \`\`: 1 person added, \`1,200\` removed.**

      6 tenants, 6 events: 1 incomplete, 1 in sync, 2 failed, 1 not attempted, 1 not finished.

      ### Problems

      | tenant | event | why |
      | --- | --- | --- |
      |  |  | \`store-unreachable\`: the store (db) does not answer<br>Wait. |
      | \`ceta\` | \`a <script>\`&#124;\`\` \`x\` \`\`&#124;\`  @everyone \\u001b[31m\\u202e\\n::error::no [l](http://x.example) \` | \`list-failed\`: a \`<script>\`&#124;\`\` \`x\` \`\`&#124;\`  @everyone \\u001b[31m\\u202e\\n::error::no [l](http://x.example) \`<br>a \`<script>\`&#124;\`\` \`x\` \`\`&#124;\`  @everyone \\u001b[31m\\u202e\\n::error::no [l](http://x.example) \` |
      | \`ceta\` |  | \`a\`&#124;\`.yaml:3:7\` \`unknown-person\`: no Directory has the person "bob" |
      | \`ceta\` |  | and 12 more |
      | \`delta\` |  | \`attempts\`: three replicas died while working on it<br>See their logs: they may be short of memory. What was written is in the store: rollcall history. |

      | tenant | result | events | add | remove | attempt |
      | --- | --- | --- | --- | --- | --- |
      | \`张三-corp\` | incomplete | 1 converged, 1 partial | 1 | 1,200 | 1 |
      | \`beta\` | in sync | 2 unchanged | 0 | 0 | 2 |
      | \`ceta\` | failed | 2 in sync | 0 | 0 | 1 |
      | \`delta\` | failed |  |  |  | 3 |
      | \`epsilon\` | not attempted |  |  |  |  |
      | \`zeta\` | not finished |  |  |  | 1 |

      Stopped: the removals of all tenants are more than \`5,000\`. If that is intended, raise \`--max-removals\` and start another \`--run\`; or choose fewer tenants with \`--selector\`.

      Run the same command again to continue with what is not done.

      Plan again to see what is left. Changes that were made are not repeated.

      What was added and removed in attempts whose replica died is not counted here: see rollcall history.
      "
    `);
    expect(fleetMarkdown(report, { maxBytes: 900 }).length).toBeLessThanOrEqual(900);
  });

  it('is itself as JSON', () => {
    expect(JSON.parse([...fleetJsonParts(report)].join(''))).toEqual(report);
  });

  it('names nobody once it is redacted', () => {
    const text = [...fleetText(redactFleet({ ...report, run: null }), terminal)].join('');
    expect(text).toContain('unknown-person');
    expect(text).not.toContain('bob');
    expect(text).toContain('the store (db) does not answer');
  });
});

it('is printed as docs/fleets.md shows it', () => {
  const page = readFileSync(new URL('../../docs/fleets.md', import.meta.url), 'utf8');
  const shown = /^```\n(TENANT [^]*?)^```$/m.exec(page)?.[1];
  const folder = '/run/secrets/rollcall/initech';
  const problem = {
    code: 'settings',
    message: `the folder with the credentials of initech is not there: ${folder}`,
    hint: 'It needs a file for each variable, like FEISHU_APP_ID. ROLLCALL_TENANTS names the folder that it is in.',
  };
  const done = (tenant: string, is: TenantOutcome): FleetReport['tenants'][number] => ({
    tenant,
    state: 'done',
    attempt: 1,
    outcome: is,
  });
  const text = fleetText(
    {
      formatVersion: '1',
      mode: 'apply',
      run: null,
      exitCode: 4,
      maxRemovals: 5000,
      stopped: false,
      summary: { tenants: 3, done: 3, failed: 0, notAttempted: 0, open: 0, events: 8, added: 2, removed: 1 },
      tenants: [
        done('acme', outcome(0, { events: 5, by: { converged: 1, unchanged: 4 }, added: 2, removed: 1 })),
        done('globex', outcome(0, { events: 3, by: { unchanged: 3 } })),
        done('initech', outcome(1, { events: 0, by: {}, problems: [problem] })),
      ],
    },
    terminal,
  );
  expect([...text].join('')).toBe(shown);
});
