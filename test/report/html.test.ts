import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { planHtml } from '../../src/report/html/page.ts';
import { eventLink } from '../../src/report/html/markup.ts';
import { script } from '../../src/report/html/script.ts';
import { style } from '../../src/report/html/style.ts';
import { many, mixed, redacted } from '../support/page-fixtures.ts';
import * as fixtures from '../support/plan-fixtures.ts';
import { addition, eventPlan, plan, removal, user } from '../support/plans.ts';

const all: readonly (readonly [string, Plan])[] = [
  ['in-sync', fixtures.inSync],
  ['removals', fixtures.removals],
  ['refused', fixtures.refused],
  ['unknown', fixtures.unknown],
  ['mixed', mixed],
  ['redacted', redacted],
  ['hostile', fixtures.hostile],
  ['bad-manifests', fixtures.badManifests],
];

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** The page without its style and script and their hashes, which have tests of their own. */
function content(fixture: Plan): string {
  return [style, script, sha256(style), sha256(script)].reduce(
    (page, part) => page.replace(part, '…'),
    planHtml(fixture),
  );
}

function tagsOf(html: string): string[] {
  return [...html.matchAll(/<(\/?[a-z][a-z0-9]*)/gi)].map(([, tag = '']) => tag);
}

/** What stands in the page as text, the markup taken away. */
function wordsOf(html: string): string {
  return html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}

test.each(all)('shows the %s plan as its golden file has it', async (name, fixture) => {
  await expect(content(fixture)).toMatchFileSnapshot(`golden/plan-${name}.html`);
});

describe('the policy', () => {
  test('allows the style and the script by their hashes and forbids all else, before anything that it is to hold for', () => {
    const page = planHtml(mixed);
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(page)?.[1] ?? '';
    const directives = policy.split('; ').map((directive) => directive.split(' '));
    expect(Object.fromEntries(directives.map(([name = '', ...values]) => [name, values.join(' ')]))).toEqual({
      'default-src': "'none'",
      'style-src': `'${sha256(style)}'`,
      'script-src': `'${sha256(script)}'`,
      'img-src': 'data:',
      'base-uri': "'none'",
      'form-action': "'none'",
      'require-trusted-types-for': "'script'",
      'trusted-types': "'none'",
    });
    expect(page.indexOf(policy)).toBeLessThan(page.indexOf('<style'));
  });

  test('holds for style and script that stand in the page as they were hashed', () => {
    const page = planHtml(mixed);
    expect(page).toContain(`<style>${style}</style>`);
    expect(page).toContain(`<script>${script}</script>`);
  });

  test('is not worked around by attributes that carry style or script', () => {
    for (const [, fixture] of all) expect(content(fixture)).not.toMatch(/<[^>]*\s(style|on[a-z]+)=/i);
  });
});

describe('the script', () => {
  test('is JavaScript', () => {
    expect(() => new Script(script)).not.toThrow();
  });

  test('writes no HTML and asks for nothing', () => {
    expect(script).not.toMatch(
      /innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function|fetch|XML|import/,
    );
  });

  test.each([
    ['style', style],
    ['script', script],
  ])('cannot be ended early, nor the %s', (_, text) => {
    expect(text).not.toMatch(/<\/|<!--/);
  });
});

describe('a page', () => {
  test.each(all)('needs nothing from elsewhere: %s', (_, fixture) => {
    const page = planHtml(fixture);
    const addresses = [...page.matchAll(/\s(?:href|src|srcset|action|data|xlink:href)="([^"]*)"/g)];
    expect(addresses.length).toBeGreaterThan(0);
    expect(
      addresses.map(([, address]) => address).filter((address) => !/^(#|data:,$)/.test(address ?? '')),
    ).toEqual([]);
    expect(style).not.toMatch(/@import|url\((?!#)/);
  });

  test.each(all)('has a language, a title, one first heading and its landmarks: %s', (_, fixture) => {
    const page = content(fixture);
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toMatch(/<title>[^<]+ · rollcall<\/title>/);
    for (const tag of ['<h1>', '<header>', '<main>', '<footer>']) expect(page.split(tag)).toHaveLength(2);
  });

  test.each(all)('closes what it opens and names nothing twice: %s', (_, fixture) => {
    const page = content(fixture);
    const empty = new Set(['meta', 'link', 'input', 'rect']);
    const open: string[] = [];
    for (const tag of tagsOf(page.replace('<!doctype html>', ''))) {
      if (tag.startsWith('/')) expect(open.pop()).toBe(tag.slice(1));
      else if (!empty.has(tag)) open.push(tag);
    }
    expect(open).toEqual([]);
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('says without its script what the plan comes to', () => {
    const words = wordsOf(content(mixed));
    for (const said of [
      'Plan: 0 to add, 0 to remove',
      'Nobody is notified.',
      'Made 2026-11-20 08:00 UTC , as of 2026-11-20 .',
      'Only the events chosen by --target all-* --exclude x --selector team=platform.',
      'Calls: 14 used, 3 needed to apply.',
      'To remove 0 ',
      'To add 0 ',
      'Refused 1 ',
      'Unknown 1 ',
      'Changed 3 ',
      'In sync 1 ',
      `Digest ${mixed.digest}`,
      'app cli_demo',
    ]) {
      expect(words).toContain(said);
    }
  });

  test('has guards, unread events and warnings before all events', () => {
    const page = content(mixed);
    const places = ['run-removals', 'nobody would be left', 'list-refused', 'look-failed', 'id="events"'].map(
      (part) => page.indexOf(part),
    );
    expect(places).toEqual([...places].toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  test('says in a word whether the plan can be applied', () => {
    const words: readonly (readonly [Plan, string])[] = [
      [fixtures.removals, 'Can be applied'],
      [fixtures.inSync, 'In sync'],
      [fixtures.refused, 'Refused: nothing is applied'],
      [fixtures.hostile, '1 event is left as it is'],
      [fixtures.badManifests, 'The manifests have errors'],
      [redacted, 'For reading alone'],
    ];
    for (const [fixture, said] of words)
      expect(content(fixture)).toMatch(new RegExp(`class="badge [a-z-]+">${said}<`));
  });

  test('of a redacted plan says so and has no digest to show', () => {
    const words = wordsOf(content(redacted));
    expect(words).toContain('Redacted: ordinals stand for people and titles, and it cannot be applied.');
    expect(words).toContain('Digest none: the plan is redacted');
    expect(words).not.toContain('Can be applied');
  });

  test('of manifests with errors lists them and has no events', () => {
    const page = content(fixtures.badManifests);
    expect(wordsOf(page)).toContain(
      'events/weekly.yaml :7:3 "atendees" is no key of an Event'.replaceAll('"', '&quot;'),
    );
    expect(page).not.toContain('<script');
    expect(wordsOf(page)).not.toContain('To remove');
  });
});

describe('an event', () => {
  test('lists each change with name, id, reason and origin', () => {
    const change = removal(user('ou_b', 'Li Si'), {
      reason: 'expired',
      source: { file: 'rosters/oncall.yaml', line: 12, column: 7 },
      via: ['platform-team', 'oncall'],
    });
    const page = content(plan([eventPlan('a', { changes: [change] })]));
    const row = /<tr class="remove">.*<\/tr>/.exec(page)?.[0] ?? '';
    expect(wordsOf(row).trim()).toBe(
      '− Remove Li Si ou_b expired rosters/oncall.yaml :12 via platform-team › oncall',
    );
  });

  test('whose flag is replaced has one row for it', () => {
    const page = content(fixtures.removals);
    expect(page.match(/<tr class="replace">/g)).toHaveLength(1);
    expect(page).toContain('optional → required: removed and invited again, the reply is lost');
  });

  test.each([
    [
      'kept, removed, replaced and added',
      fixtures.removals,
      '− 6 to remove ± 1 to replace + 2 to add 13 kept',
    ],
    ['the event itself', fixtures.removals, '− event to delete, with 20 attendees'],
    ['an event in sync', fixtures.removals, '20 kept'],
    ['one that was not read', fixtures.unknown, 'not read'],
  ])('gives the numbers of its bar in words: %s', (_, fixture, said) => {
    expect(wordsOf(content(fixture))).toContain(said);
  });

  test('has a bar whose parts are as wide as their shares and fill it', () => {
    const changes = [removal(user('a')), removal(user('b')), addition(user('c')), addition(user('d'))];
    const page = content(plan([eventPlan('a', { changes, observed: { count: 8, managed: 8 } })]));
    const article = page.slice(page.indexOf('<article'));
    const parts = [...article.matchAll(/<rect class="b-(\w+)" x="([\d.]+)%" width="([\d.]+)%"/g)];
    expect(parts.map(([, ...part]) => part.join(' '))).toEqual(['kept 0 60', 'removed 60 20', 'added 80 20']);
  });

  test.each(['platform-weekly', '每周例会', 'a.b_c-1', 'x"><b>', '\ud800', '\u202eabc'])(
    'is found by its permalink: %j',
    (name) => {
      const page = content(plan([eventPlan(name)]));
      const id = /<article class="[^"]*" id="([^"]*)"/.exec(page)?.[1] ?? '';
      const unescaped = id.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
      expect(decodeURIComponent(eventLink(name).slice(1))).toBe(unescaped);
      expect(page).toContain(`href="${eventLink(name)}"`);
    },
  );

  test('is open from the start where there is little to read', () => {
    expect(content(fixtures.removals).match(/<details open>/g)).toHaveLength(2);
    expect(content(many)).not.toContain('<details open>');
  });
});

describe('5,000 changes', () => {
  test('are all in the page, in less than half a kilobyte each', () => {
    const page = content(many);
    expect(page.match(/<tr class="(add|remove)">/g)).toHaveLength(5000);
    expect(page.length).toBeLessThan(5000 * 500);
  });
});

describe('hostile text', () => {
  /** The same plan with a harmless name in the place of the hostile one. */
  const tame = JSON.parse(
    JSON.stringify(fixtures.hostile).replaceAll(JSON.stringify(fixtures.hostileName).slice(1, -1), 'x'),
  ) as Plan; // The shape is that of the plan it was made from.

  test('adds no element and no attribute', () => {
    const shapeOf = (page: string): string[] =>
      [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));
    expect(shapeOf(content(fixtures.hostile))).toEqual(shapeOf(content(tame)));
  });

  test('is shown, with what would be obeyed spelled out', () => {
    const page = content(fixtures.hostile);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('\\u001b[2K\\u009b31m\\u202egnp.exe');
    expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  test.each(['</script>', '</style>', '</title>', '--><!--', '"\'>', '&lt;', '\u2028', ']]>'])(
    'ends nothing: %j',
    (name) => {
      const page = content(plan([eventPlan('a', { changes: [removal(user('i', name))], notes: [name] })]));
      const calm = content(plan([eventPlan('a', { changes: [removal(user('i', 'n'))], notes: ['x'] })]));
      expect(tagsOf(page)).toEqual(tagsOf(calm));
    },
  );
});
