import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { guardEvent } from '../../src/diff/guards.ts';
import { loadTexts } from '../../src/manifest/load.ts';
import { diagnosticOf } from '../../src/model/diagnostic.ts';
import { type Plan, violationOf } from '../../src/model/plan.ts';
import { joined, notesOf, plain, quoted, say, who } from '../../src/model/say.ts';
import { createRedactor } from '../../src/report/redact.ts';
import { planRenderers } from '../../src/run/render.ts';
import { addition, eventPlan, plan, removal, user } from '../support/plans.ts';
import { plain as terminal } from '../support/terminals.ts';

/** Ids within one another, words of messages, and letters that mean something to a format. */
const hostile = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom(
      'on',
      'the',
      'event',
      'a',
      'an',
      'nobody',
      'user',
      'user-1',
      '1',
      'is',
      'removed',
      'weekly',
    ),
    fc.constantFrom(
      'ab',
      'abc',
      'abcd',
      'bc',
      '张',
      '张三',
      '张三丰',
      '\u200b',
      '|',
      '`',
      '<b>',
      '&amp;',
      '$&',
      '"',
    ),
    fc.constantFrom(
      'ou_a',
      'ou_ab',
      'x@y.z',
      'X@y.z1',
      '0',
      '00',
      'é',
      'e\u0301',
      '\ud83d\udc69\u200d\ud83d\ude80',
    ),
    fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
  ),
  { minLength: 6, maxLength: 6 },
);

/** A plan that names each of six people in all the ways that there are. */
function planOf(ids: readonly string[]): Plan {
  const [a = '', b = '', c = '', d = '', e = '', f = ''] = ids;
  const source = { file: 'weekly.yaml', line: 3, column: 5 };
  const extent = { removals: 2, additions: 1, managed: 2, deletesEvent: false, notified: 0 };
  return plan(
    [
      eventPlan('weekly', {
        organizer: a,
        event: { summary: f, recurring: false },
        changes: [removal(user(b, c)), removal(user(c, a)), addition(user(d))],
        violations: [
          ...guardEvent('weekly', extent, eventPlan('weekly').limits),
          violationOf('empty', say`${quoted('user', e)} is on the event`),
        ],
        ...notesOf([
          say`left as it is: ${joined(
            [a, b, c, d, e].map((id) => who('user', id)),
            ', ',
          )} and nobody`,
        ]),
        status: 'refused',
      }),
    ],
    {
      diagnostics: [
        diagnosticOf({
          severity: 'warning',
          code: 'irreversible',
          message: say`${plain('weekly')}: ${who('user', e, f)} (${who('user', e)}) is removed on the event`,
          hint: say`write ${quoted('user', d)}`,
          source,
        }),
      ],
    },
  );
}

async function shownAs(format: keyof typeof planRenderers, ids: readonly string[]): Promise<string> {
  const render = await planRenderers[format]();
  const shown = createRedactor().plan(planOf(ids));
  return [...render(shown, { terminal, maxBytes: 1_000_000 })].join('');
}

const blank = ['zq-a', 'zq-b', 'zq-c', 'zq-d', 'zq-e', 'zq-f'];

test.each(['text', 'json', 'markdown', 'html', 'github', 'gitlab'] as const)(
  'a redacted plan as %s is the same whoever is in it, so that it tells of nobody and no word is cut',
  async (format) => {
    const expected = await shownAs(format, blank);
    expect(expected).not.toMatch(/zq-[a-f]/);
    await fc.assert(
      fc.asyncProperty(hostile, async (ids) => {
        expect(await shownAs(format, ids)).toBe(expected);
      }),
      { numRuns: 60 },
    );
  },
);

const mark = 'ꙮ';

/** Texts that nothing else holds, some of them within others, and in the forms that ids have. */
const marked = fc
  .tuple(
    fc.constantFrom('', 'ou_', 'oc_', 'omm_', 'user: ', 'user:', '- ', '&', '*', '!', '"', '{'),
    fc.string({ maxLength: 6 }),
  )
  .map(([before, after]) => `${before}${mark}${after.replaceAll(/[\r\n]/g, '')}`);

test('redacted diagnostics of manifests with any mistake in them tell of nobody', () => {
  fc.assert(
    fc.property(fc.array(marked, { minLength: 8, maxLength: 8 }), (texts) => {
      const [one, two, three, four, five, six, seven, eight] = texts;
      const event = (spec: string): string =>
        `apiVersion: rollcall.dev/v1\nkind: Event\nmetadata: { name: weekly }\nspec:\n${spec}`;
      const files = {
        'event.yaml': event(`  provider: feishu
  calendarId: feishu.cn_t@group.calendar.feishu.cn
  eventId: weekly_0
  organizer: ${one}
  meetingChat: { id: "${mark}1", state: absent }
  attendees:
    - user: ${two}
    - ${three}
    - { person: ${four} }
    - roster: ${five}
    - email: ${six}
    - ${seven}: 1
    - user: ${mark}a
    - user: ${mark}a
`),
        'people.yaml': `apiVersion: rollcall.dev/v1
kind: Directory
metadata: { name: people }
spec:
  people:
    ${mark}.b: { feishu: ${eight} }
    ${mark} b: { feishu: ou_1 }
    ${mark}.c: { name: 1, feishu: oc_${mark}, lark: { open_id: on_${mark} } }
    ${mark}.d: ${mark}
`,
      };
      const { diagnostics } = loadTexts(
        Object.entries(files).map(([file, text]) => ({ file, text, named: true })),
        '2099-01-01',
      );
      const shown = JSON.stringify(createRedactor().diagnostics(diagnostics));
      expect(diagnostics.length).toBeGreaterThan(0);
      expect(shown).not.toContain(mark);
      // Each is told by its parts.
      expect(shown).not.toContain('is left out');
    }),
    { numRuns: 300, examples: [[['a', 'b', 'c', 'd', 'e', 'f', 'd', 'g'].map((text) => `${mark}${text}`)]] },
  );
});
