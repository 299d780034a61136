import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, test } from 'vitest';

import { planMarkdown } from '../../src/report/markdown/plan.ts';
import { resultMarkdown } from '../../src/report/markdown/result.ts';
import * as fixtures from '../support/plan-fixtures.ts';
import {
  addition,
  changeResult,
  eventPlan,
  eventResult,
  plan,
  removal,
  result,
  user,
} from '../support/plans.ts';

const roomy = { maxBytes: 60_000 };

/** As GitHub reads it, raw tags included. */
function html(markdown: string): string {
  return micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
}

/** What is left of a page outside of code, where mentions, references and emoji are looked for. */
function outsideCode(page: string): string {
  return page.replace(/<code[^>]*>.*?<\/code>/gs, '<code></code>');
}

function tagsOf(page: string): string[] {
  return [...new Set([...page.matchAll(/<\/?([a-zA-Z][a-zA-Z0-9]*)/g)].map(([, tag = '']) => tag))].sort();
}

const own = [
  'b',
  'br',
  'code',
  'details',
  'h2',
  'h3',
  'li',
  'p',
  'pre',
  'strong',
  'summary',
  'table',
  'tbody',
  'td',
  'th',
];
const allowed = new Set([...own, 'thead', 'tr', 'ul']);

describe('plans in Markdown', () => {
  test.each(fixtures.plans)('%s is as its golden file has it', async (name, fixture) => {
    await expect(planMarkdown(fixture, roomy)).toMatchFileSnapshot(`golden/plan-${name}.md`);
  });

  test.each(fixtures.plans)('%s has no tag, link, mention or reference but its own', (_, fixture) => {
    expectInert(planMarkdown(fixture, roomy));
  });

  test('show hostile names as they are written', () => {
    const page = html(planMarkdown(fixtures.markup, roomy)).replaceAll('</code>|<code>', '|');
    const shown = fixtures.hostileMarkup
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;');
    expect(page).toContain(shown);
  });

  test('keep every row of a table whole, whatever pipes and backslashes there are', () => {
    const names = ['|', '\\|', '\\\\|', '`|`', '||', ' | ', '\\', '`', '``', ' `', 'a`|\\'];
    const changes = names.map((name, index) => removal(user(`ou_${index}`, name)));
    const labels = names.map((name, index) => `${name} (ou_${index})`);
    const page = html(planMarkdown(plan([eventPlan('a', { changes })]), roomy));
    const rows = [...page.matchAll(/<tr>(.*?)<\/tr>/gs)].map(
      ([, cells = '']) => cells.match(/<t[dh]/g)?.length,
    );
    expect(rows).toHaveLength(names.length + 1);
    expect(new Set(rows)).toEqual(new Set([3]));
    const shown = [...page.matchAll(/<tr>\n<td>remove<\/td>\n<td>(.*?)<\/td>/gs)].map(([, cell = '']) =>
      cell.replace(/<\/?code>/g, ''),
    );
    expect(shown.map((name) => name.trim())).toEqual(labels.map((name) => name.trim()));
  });

  test('put removals before additions, and totals before both', () => {
    const text = planMarkdown(fixtures.removals, roomy);
    const order = ['**Plan: 3 to add', '| remove |', '| replace |', '| add |', '| unbind |', '| delete |'];
    const places = order.map((part) => text.indexOf(part));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test('name guards and unread events before any event, with the digest and the time at the end', () => {
    const text = planMarkdown(fixtures.refused, roomy);
    expect(text.indexOf('run-removals')).toBeLessThan(text.indexOf('<details'));
    expect(text.indexOf('`max-removals`')).toBeLessThan(text.indexOf('<details'));
    expect(text.trimEnd().split('\n').at(-3)).toMatch(/made `Fri 2026-11-20 08:00 UTC`.*`sha256:/);
  });
});

describe('links in Markdown', () => {
  const linked = (file: string, linkBase = 'https://github.com/acme/meetings/blob/main/'): string =>
    planMarkdown(
      plan([
        eventPlan('a', { changes: [addition(user('ou_x'), { source: { file, line: 12, column: 1 } })] }),
      ]),
      { linkBase },
    );

  test.each([
    ['rosters/oncall.yaml', 'https://github.com/acme/meetings/blob/main/rosters/oncall.yaml#L12'],
    ['./a.yaml', 'https://github.com/acme/meetings/blob/main/a.yaml#L12'],
    ['会议/a (1).yaml', 'https://github.com/acme/meetings/blob/main/%E4%BC%9A%E8%AE%AE/a%20%281%29.yaml#L12'],
    ['a|`]*.yaml', 'https://github.com/acme/meetings/blob/main/a%7C%60%5D*.yaml#L12'],
  ])('lead from %s to its line', (file, url) => {
    expect(html(linked(file))).toContain(`<a href="${url}"><code>`);
  });

  test.each(['/etc/passwd', '../other/a.yaml', 'C:\\a.yaml'])('lead nowhere from %s', (file) => {
    expect(html(linked(file)).match(/<a /g)).toHaveLength(1);
  });

  test('are there for the place of an event too, and for nothing without a base', () => {
    expect(html(linked('a.yaml'))).toContain('/main/events/a.yaml#L1">');
    expect(html(planMarkdown(fixtures.removals))).not.toContain('<a ');
  });
});

test('an event of up to 30 changes is open, and a longer one is not', () => {
  const of = (number: number): string =>
    planMarkdown(
      plan([
        eventPlan('a', {
          changes: Array.from({ length: number }, (_, index) => removal(user(`ou_${index}`))),
        }),
      ]),
    );
  expect(of(30)).toContain('<details open>');
  expect(of(31)).not.toContain('<details open>');
});

test('a name is never apart from its id', () => {
  const text = planMarkdown(
    plan([eventPlan('a', { notes: ['booking-pending: Room 1 (omm_1) and 王小五 (ou_x)'] })]),
  );
  expect(text).toContain('booking-pending: `Room 1 (omm_1)` and `王小五 (ou_x)`');
});

describe('results in Markdown', () => {
  test.each(fixtures.results)('%s is as its golden file has it', async (name, fixture) => {
    await expect(resultMarkdown(fixture, roomy)).toMatchFileSnapshot(`golden/result-${name}.md`);
  });

  test.each(fixtures.results)('%s has no tag, link, mention or reference but its own', (_, fixture) => {
    expectInert(resultMarkdown(fixture, roomy));
  });
});

function expectInert(markdown: string): void {
  expect(markdown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  const page = html(markdown);
  expect(tagsOf(page).filter((tag) => !allowed.has(tag))).toEqual([]);
  const text = outsideCode(page).replace(/<[^>]*>/g, '');
  expect(text).not.toMatch(/[@#~$*_`[\]]|&amp;|GH-\d|\w\/\w|:\w+:|www\.|:\/\/|!\d|%"/);
  expect(text).not.toMatch(/\b[0-9a-f]{7,}\b/);
  // Every fold is closed, and nothing else is.
  expect(page.match(/<details(?: open)?>/g)?.length).toBe(page.match(/<\/details>/g)?.length);
}

describe('a report that is too long', () => {
  const names = Array.from({ length: 300 }, (_, index) => `event-${String(index).padStart(3, '0')}`);
  const many = plan(
    names.map((name) =>
      eventPlan(name, {
        changes: [removal(user('ou_a', '王小五'.repeat(20))), addition(user('ou_b', fixtures.hostileMarkup))],
      }),
    ),
  );
  const blocked = plan(
    names.map((name) =>
      eventPlan(name, {
        status: 'refused',
        changes: [removal(user('ou_a'))],
        violations: [{ code: 'empty', message: `${name}: nobody would be left, ${'王'.repeat(50)}` }],
      }),
    ),
  );
  const ran = result(
    names.map((name) =>
      eventResult(name, 'failed', [
        changeResult(removal(user('ou_a', '王小五'.repeat(20))), {
          outcome: 'failed',
          error: { code: '190002', message: fixtures.hostileMarkup },
        }),
      ]),
    ),
    { exitCode: 4 },
  );
  const sizes = [100, 150, 256, 500, 1000, 5000, 20_000, 60_000];

  test.each(sizes)('takes at most %i bytes, and is whole', (maxBytes) => {
    for (const text of [
      planMarkdown(many, { maxBytes }),
      planMarkdown(blocked, { maxBytes }),
      resultMarkdown(ran, { maxBytes }),
    ]) {
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
      expect(text.endsWith('\n')).toBe(true);
      expectInert(text);
      for (const line of text.split('\n').filter((row) => row.startsWith('|'))) expect(line).toMatch(/\|$/);
    }
  });

  test('tells the counts of each event where its changes do not fit', () => {
    const text = planMarkdown(many, { maxBytes: 60_000, savedAs: 'plan.json' });
    expect(text).toContain('| `event-299` | 1 | 0 | 1 | changed |');
    expect(text).not.toContain('<details');
    expect(text).toContain('Longer than 60,000 bytes: the whole plan is in `plan.json`');
  });

  test('tells the totals where the counts do not fit', () => {
    const text = planMarkdown(many, { maxBytes: 2000 });
    expect(text).toContain('**Plan: 300 to add, 300 to remove.');
    expect(text).toContain('300 events:');
    expect(text).toContain('`rollcall plan`');
    expect(text).not.toContain('event-');
  });

  test('names as many guards as fit, and counts the others', () => {
    const text = planMarkdown(blocked, { maxBytes: 5000 });
    expect(text).toContain('`event-000`');
    expect(text).toMatch(/… and \d+ more like these\./);
  });

  test('is given in full with thousands of changes where there is room', () => {
    const changes = Array.from({ length: 5000 }, (_, index) => removal(user(`ou_${index}`)));
    const text = planMarkdown(plan([eventPlan('a', { changes })]), { maxBytes: 10_000_000 });
    expect(text.match(/^\| remove \|/gm)).toHaveLength(5000);
  });
});
