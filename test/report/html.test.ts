import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/model/diagnostic.ts';
import type { Plan } from '../../src/model/plan.ts';
import { planHtml } from '../../src/report/html/page.ts';
import { eventLink } from '../../src/report/html/markup.ts';
import { script } from '../../src/report/html/script.ts';
import { style } from '../../src/report/html/style.ts';
import { crowd, many, mixed, redacted, replies, stopped } from '../support/page-fixtures.ts';
import * as fixtures from '../support/plan-fixtures.ts';
import { addition, eventPlan, plan, removal, user } from '../support/plans.ts';

const all: readonly (readonly [string, Plan])[] = [
  ['in-sync', fixtures.inSync],
  ['removals', fixtures.removals],
  ['refused', fixtures.refused],
  ['unknown', fixtures.unknown],
  ['mixed', mixed],
  ['stopped', stopped],
  ['replies', replies],
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
      'Remove 6 of 19 attendees from 1 event, remove and invite again 1 person on 1 event, add 4 people to 2 events',
      'Plan: 5 to add, 7 to remove, 1 of each to replace an optional flag',
      '3 more in 1 refused event are left out; 1 event could not be read.',
      '9 people are notified.',
      'Made Fri 2026-11-20 08:00 UTC, as of 2026-11-20.',
      'Only the events chosen by --target all-* --exclude x --selector team=platform .',
      'API calls: 14 made, 3 to apply.',
      'To remove 6 of 19',
      'To add 4 ',
      'To invite again 1 ',
      'Events to delete 1 ',
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

  test('calls people whose flag is set in place neither removed nor invited again', () => {
    const ann = { type: 'email', id: 'ann@corp.com', optional: false } as const;
    const changes = [
      removal(ann, { reason: 'optional-drift' }),
      addition({ ...ann, optional: true }, { reason: 'optional-drift' }),
    ];
    const words = wordsOf(content(plan([eventPlan('staff', { provider: 'google', changes })])));
    expect(words).toContain('All attendees that were listed: ± 1 with another flag 19 stay as they are');
    expect(words).not.toContain('invite again');
  });

  test('counts nothing of what a guard of the run stops, and calls it refused', () => {
    const words = wordsOf(content(stopped));
    for (const said of ['To remove 0 ', 'To add 0 ', 'People notified 0 ', 'Changed 0 ', 'Refused 4 ']) {
      expect(words).toContain(said);
    }
    expect(content(stopped)).not.toContain('data-status="changed"');
    expect(words).not.toContain('afterwards');
    expect(words).toContain('− 6 of 19 to remove ± 1 to invite again + 2 to add left as it is, 20 attendees');
  });

  test('lists what is lost for good, and counts it in a tile only where a platform tells', () => {
    const words = wordsOf(content(replies));
    expect(words).toContain('4 replies are lost for good: 2 accepted, 1 tentative, 1 declined.');
    expect(words).toContain('Replies lost 4 2 accepted');
    expect(wordsOf(content(crowd))).not.toContain('Replies lost');
  });

  test('lists by person who leaves and joins what, those of most events first', () => {
    const section = /<section [^>]*id="people">.*?<\/section>/s.exec(content(replies))?.[0] ?? '';
    const people = [...section.matchAll(/<li>(.*?)<\/li>/gs)].map(([, item = '']) => wordsOf(item).trim());
    expect(people).toEqual([
      'Bob Keller ou_bob leaves 3 meetings : Incident review , Platform , Platform',
      'Ann Müller ou_ann joins 2 meetings : Platform , Platform',
      'Eve Adams ou_eve leaves 1 meeting : Platform',
      'Frank Osei ou_f is invited again to 1 meeting : Incident review',
    ]);
    expect(section.match(/href="#event-/g)).toHaveLength(7);
  });

  test('has no list by person of what is left out, nor of one event alone', () => {
    for (const fixture of [
      stopped,
      fixtures.hostile,
      plan([eventPlan('a', { changes: [removal(user('i'))] })]),
    ]) {
      expect(content(fixture)).not.toContain('id="people"');
    }
  });

  test('lists what the manifests no longer name, and what it is named now', () => {
    const words = wordsOf(content(replies));
    expect(words).toContain(
      'old-standup Feishu no longer managed: its 11 attendees stay as they are manifests/old-standup.yaml:1',
    );
    expect(words).toContain('weekly Feishu renamed to platform-weekly manifests/weekly.yaml:1');
  });

  test('tells once what keeps many events from being read, and names ten of them at once', () => {
    const problem: Problem = { code: 'list-failed', message: 'Feishu: open.feishu.cn cannot be reached' };
    const events = Array.from({ length: 300 }, (_, index) =>
      eventPlan(`e${String(index).padStart(3, '0')}`, { status: 'unknown', problem }),
    );
    const page = content(plan(events));
    const section = /<section [^>]*id="attention">.*?<\/section>/s.exec(page)?.[0] ?? '';
    expect(section.match(/class="callout/g)).toHaveLength(1);
    expect(wordsOf(section)).toContain('300 events could not be read, all for the same reason');
    expect(wordsOf(section)).toContain('e009 and 290 more events e010');
  });

  test('says what a guard means, and the command that lifts it', () => {
    const words = wordsOf(content(mixed));
    expect(words).toContain('Refused: nobody would be left empty');
    expect(words).toContain('Refused: too many would be removed max-removals');
    expect(words).toContain('If that is intended: rollcall plan');
    expect(words).toContain('--allow-removals all-hands=3');
  });

  test('has guards, unread events and warnings before all events', () => {
    const page = content(mixed);
    const places = ['nobody would be left', 'list-refused', 'look-failed', 'id="people"', 'id="events"'].map(
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
      [redacted, 'For reading only'],
    ];
    for (const [fixture, said] of words)
      expect(content(fixture)).toMatch(new RegExp(`class="badge [a-z-]+">${said}<`));
  });

  test('of a redacted plan says so and has no digest to show', () => {
    const words = wordsOf(content(redacted));
    expect(words).toContain('Redacted: names and ids are left out, so it cannot be applied.');
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
      '− Remove Li Si expired ou_b rosters/oncall.yaml :12 via platform-team › oncall',
    );
  });

  test('has its title and time at the head, its name and ids in a part of their own', () => {
    const event = { summary: 'Platform weekly', start: '2099-01-05T02:00:00Z', recurring: true };
    const page = planHtml(plan([eventPlan('weekly', { event })]), { timeZone: 'Asia/Shanghai' });
    const line = /<article.*?<summary>(.*?)<\/summary>/s.exec(page)?.[1] ?? '';
    expect(wordsOf(line).trim()).toBe(
      'Platform weekly Mon 2099-01-05 10:00 Asia/Shanghai, repeats · Feishu In sync 20 attendees',
    );
    const technical = /<details class="left technical">.*?<\/details>/s.exec(page)?.[0] ?? '';
    expect(wordsOf(technical)).toContain(
      'Name weekly Manifest events/weekly.yaml :1 Event weekly_0 Calendar',
    );
  });

  test('has its name at the head where it has no title, and behind a title that another one has too', () => {
    expect(content(fixtures.inSync)).toContain('<h3 data-find><bdi>a</bdi></h3>');
    const words = wordsOf(content(replies));
    expect(words).toContain('Platform Mon 2099-01-05 02:00 UTC, repeats · Feishu · platform-daily');
    expect(words).toContain('Incident review Thu 2099-01-08 07:00 UTC · Feishu Changed');
  });

  test('lists who is removed by reply, accepted ones first', () => {
    const page = content(replies);
    const weekly = page.slice(page.indexOf('id="event-platform-weekly"'));
    const rows = [...weekly.matchAll(/<tr class="(?:remove|add)">.*?<\/tr>/gs)].map(([row]) =>
      wordsOf(row).trim(),
    );
    expect(rows.slice(0, 2)).toEqual([
      '− Remove Bob Keller accepted not in the manifest ou_bob',
      '− Remove Eve Adams declined not in the manifest ou_eve',
    ]);
    expect(wordsOf(weekly)).toContain('2 replies are lost for good: 1 accepted, 1 declined');
  });

  test('tells who will be there: by name whom the plan names, the others by their number', () => {
    const afterwards = [...content(replies).matchAll(/<details class="left after">.*?<\/details>/gs)].map(
      ([part]) => wordsOf(part).trim(),
    );
    const rest = 'The plan holds their number and not their names.';
    expect(afterwards).toEqual([
      `Afterwards: 8 attendees 1 invited again Frank Osei (ou_f) keeps 1 (organizer) Maria Lopez (ou_boss) 6 others stay ${rest}`,
      `Afterwards: 23 attendees 1 new Ann Müller (ou_ann) 22 others stay ${rest}`,
      `Afterwards: 11 attendees 1 new Ann Müller (ou_ann) 1 with another optional flag Dan Wu (ou_d) should be optional 9 others stay ${rest}`,
    ]);
  });

  test('that is refused or in sync keeps whom it has', () => {
    const words = wordsOf(content(mixed));
    expect(words).toContain('− 3 of 19 to remove left as it is, 20 attendees');
    expect(words).toContain('20 attendees, as before keeps 1 (organizer) 老板 (ou_boss) 19 others stay');
  });

  test('whose flag is replaced has one row for it', () => {
    const page = content(fixtures.removals);
    expect(page.match(/<tr class="replace">/g)).toHaveLength(1);
    expect(page).toContain('optional -&gt; required: removed and invited again, the reply is lost');
  });

  test.each([
    [
      'kept, removed, replaced and added',
      fixtures.removals,
      '− 6 of 19 to remove ± 1 to invite again + 2 to add 16 afterwards',
    ],
    ['the event itself', fixtures.removals, '− the event to delete, with 20 attendees'],
    ['an event in sync', fixtures.inSync, 'In sync 20 attendees'],
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

describe('lines of manifests', () => {
  const sourced = (file: string): Plan =>
    plan([eventPlan('a', { changes: [removal(user('i'), { source: { file, line: 12, column: 7 } })] })]);
  const linked = (file: string, linkBase?: string): string => {
    const page = planHtml(sourced(file), linkBase === undefined ? {} : { linkBase });
    return /<td class="from">(.*?)<\/td>/.exec(page)?.[1] ?? '';
  };

  test('are links below the base that was given', () => {
    expect(linked('./rosters/on call#1.yaml', 'https://github.com/o/r/blob/abc/')).toBe(
      '<a href="https://github.com/o/r/blob/abc/rosters/on%20call%231.yaml#L12" rel="noreferrer"><bdi>./rosters/on call#1.yaml</bdi>:12</a>',
    );
    expect(linked('a.yaml')).toBe('<bdi>a.yaml</bdi>:12');
  });

  test.each(['../a.yaml', '/etc/a.yaml', 'a/../../b.yaml', 'C:\\a.yaml'])(
    'are none outside of it: %s',
    (file) => {
      expect(linked(file, 'https://example.com')).not.toContain('href');
    },
  );

  test.each(['"><script>', 'a\u202e\ud800"\n'])(
    'lead nowhere else, whatever a file is called: %j',
    (file) => {
      expect(linked(file, 'https://example.com')).toMatch(
        /^<a href="https:\/\/example\.com\/[^"<>]*#L12" rel="noreferrer">/,
      );
    },
  );
});

describe('5,000 changes', () => {
  test('are all in the page, in less than half a kilobyte each', () => {
    const page = content(many);
    expect(page.match(/<tr class="(add|remove)">/g)).toHaveLength(5000);
    expect(page.length).toBeLessThan(5000 * 500);
  });

  test('have a table of their events for paper, which a short page does not need', () => {
    const table = /<table class="overview">.*?<\/table>/s.exec(content(many))?.[0] ?? '';
    expect(table.match(/<tr>/g)).toHaveLength(41);
    expect(wordsOf(table)).toContain(
      'event-01 Feishu Changed − 83 of 199 to remove + 42 to add 159 afterwards',
    );
    expect(content(mixed)).not.toContain('class="overview"');
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
