import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { chromiumPath, noChromium } from '../support/chromium.ts';
import { type PageBrowser, pageBrowser } from '../support/page-browser.ts';
import { crowd, long, many, mixed, replies, stopped } from '../support/page-fixtures.ts';
import * as fixtures from '../support/plan-fixtures.ts';
import { eventPlan, plan, removal, user } from '../support/plans.ts';
import { accessible } from './html-access.ts';

if (chromiumPath() === null) console.warn(noChromium);

/** Long enough for a machine that does other things too, far below what would make a person wait. */
const bearable = 10_000;

const pages: Readonly<Record<string, Plan>> = {
  mixed: mixed,
  hostile: fixtures.hostile,
  many: many,
  long: long,
  replies: replies,
  stopped: stopped,
  crowd: crowd,
  named: plan([
    eventPlan('a', { changes: [removal(user('i', '</script><img src=x onerror=alert(1)>\u2028\u202e'))] }),
    eventPlan('每周例会', { changes: [removal(user('j'))] }),
  ]),
};

function shownEvents(page: Page): Promise<string[]> {
  return page
    .locator('article:visible')
    .evaluateAll((articles) => articles.map(({ id }) => id.replace('event-', '')));
}

/** How many sheets of paper a page takes. */
async function sheets(page: Page): Promise<number> {
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
  return pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

describe.skipIf(chromiumPath() === null)('in Chromium, the page', { timeout: 60_000 }, () => {
  let browser: PageBrowser;

  beforeAll(async () => {
    browser = await pageBrowser(pages);
  }, 60_000);

  afterAll(() => browser.close());

  accessible((...page) => browser.open(...page));

  describe('is by itself', () => {
    test.each(['mixed', 'hostile', 'named'])(
      'and asks for nothing, breaks no rule and opens no dialog: %s',
      async (name) => {
        const page = await browser.open(name);
        await page.locator('#open-all').click();
        await page.locator('#filter-text').fill('ou_1');
        await page.locator('#clear').click();
        expect(browser.requests).toEqual([`/${name}`]);
        expect(browser.faults).toEqual([]);
      },
    );

    test('and lets no other script run nor style apply, which the test would see', async () => {
      const page = await browser.open('mixed');
      await page
        .evaluate(
          `{
        const script = document.createElement('script');
        script.append('window.ran = true');
        document.body.append(script);
        document.body.setAttribute('style', 'color: red');
      }`,
        )
        .catch((error: unknown) => browser.faults.push(String(error)));
      expect(await page.evaluate('window.ran')).toBeUndefined();
      expect(browser.faults.join('\n')).toContain('Content Security Policy');
    });

    test('and is whole without its script', async () => {
      const page = await browser.open('mixed', { script: false });
      expect(await page.locator('#filter').isVisible()).toBe(false);
      expect(await shownEvents(page)).toHaveLength(6);
      expect(await page.locator('tr:visible', { hasText: 'Zhang San' }).count()).toBe(1);
      expect(await page.locator('.tile', { hasText: 'To remove' }).innerText()).toContain('6');
    });
  });

  describe('with hostile names', () => {
    test('shows them as text and has no element of theirs', async () => {
      for (const [name, shown] of [
        ['hostile', '<script>alert(1)</script>'],
        ['named', '</script><img src=x onerror=alert(1)>\\u2028\\u202e'],
      ] as const) {
        const page = await browser.open(name);
        expect(await page.locator('tbody th').first().innerText()).toContain(shown);
        expect(await page.locator('script').count()).toBe(1);
        expect(await page.locator('img, iframe, a[href^="javascript"]').count()).toBe(0);
        expect(browser.faults).toEqual([]);
      }
    });
  });

  describe('filters', () => {
    test('by text: a name shows its row alone, and clearing brings all back', async () => {
      const page = await browser.open('mixed');
      await page.getByLabel('Find').fill('zhang SAN');
      expect(await shownEvents(page)).toEqual(['platform-weekly']);
      expect(await page.locator('tbody tr:visible').count()).toBe(1);
      expect(await page.getByRole('status').innerText()).toBe('1 of 6 events, 1 of 16 changes');
      await page.getByRole('button', { name: 'Clear' }).click();
      expect(await shownEvents(page)).toHaveLength(6);
      expect(await page.getByRole('status').innerText()).toBe('6 events, 16 changes');
    });

    test('by text: the name of an event shows all of it, that of a kept guest its event', async () => {
      const page = await browser.open('mixed');
      await page.getByLabel('Find').fill('all-hands');
      expect(await page.locator('tbody tr:visible').count()).toBe(3);
      await page.getByLabel('Find').fill('Lark SYNC');
      expect(await page.locator('tbody tr:visible').count()).toBe(2);
      await page.getByLabel('Find').fill('Guest 12');
      expect(await shownEvents(page)).toEqual(['platform-weekly']);
      await page.getByLabel('Find').fill('nobody of this name');
      expect(await page.getByText('No event matches the filter.').isVisible()).toBe(true);
    });

    test('by text: of the people those of that name, also of those who are folded', async () => {
      const page = await browser.open('crowd');
      const people = page.locator('#people li:visible');
      expect(await people.count()).toBe(12);
      await page.getByLabel('Find').fill('person 19');
      expect(await people.allInnerTexts()).toEqual([expect.stringContaining('Person 19')]);
      await page.getByRole('button', { name: 'Clear' }).click();
      expect(await people.count()).toBe(12);
    });

    test('by platform and by status, together', async () => {
      const page = await browser.open('mixed');
      await page.getByRole('checkbox', { name: 'Feishu' }).check();
      expect(await shownEvents(page)).toEqual(['all-hands', 'platform-weekly', 'quiet', 'retired']);
      await page.getByRole('checkbox', { name: 'Refused' }).check();
      expect(await shownEvents(page)).toEqual(['all-hands']);
      await page.getByRole('checkbox', { name: 'Unknown' }).check();
      expect(await shownEvents(page)).toEqual(['all-hands']);
      await page.getByRole('checkbox', { name: 'Feishu' }).uncheck();
      expect(await shownEvents(page)).toEqual(['all-hands', 'standup']);
    });
  });

  describe('sorts', () => {
    test('events', async () => {
      const page = await browser.open('mixed');
      await page.getByLabel('Sort by').selectOption('Most removals');
      expect((await shownEvents(page)).slice(0, 2)).toEqual(['retired', 'platform-weekly']);
      await page.getByLabel('Sort by').selectOption('Status');
      expect((await shownEvents(page)).slice(0, 2)).toEqual(['all-hands', 'standup']);
      await page.getByLabel('Sort by').selectOption('Title');
      expect((await shownEvents(page)).slice(0, 3)).toEqual(['all-hands', 'lark-sync', 'platform-weekly']);
      await page.getByLabel('Sort by').selectOption('Start');
      expect((await shownEvents(page)).slice(0, 3)).toEqual(['platform-weekly', 'lark-sync', 'all-hands']);
      await page.getByLabel('Sort by').selectOption('Name');
      expect((await shownEvents(page))[0]).toBe('all-hands');
    });

    test('changes, by keyboard, and says by which column', async () => {
      const page = await browser.open('mixed');
      const table = page.getByRole('table', { name: 'Changes of Platform weekly' });
      const head = table.getByRole('columnheader', { name: 'Id' });
      await head.getByRole('button').focus();
      await page.keyboard.press('Enter');
      expect(await head.getAttribute('aria-sort')).toBe('ascending');
      const ids = await table.locator('td.id').allTextContents();
      expect(ids).toEqual(ids.toSorted(new Intl.Collator('en', { numeric: true }).compare));
      await page.keyboard.press('Space');
      expect(await head.getAttribute('aria-sort')).toBe('descending');
      expect(await table.locator('td.id').allTextContents()).toEqual(ids.toReversed());
      expect(await table.locator('[aria-sort]').count()).toBe(1);
    });
  });

  describe('on a phone', () => {
    test('has one list that sorts all changes, and no button out of sight', async () => {
      const page = await browser.open('mixed', { width: 390, height: 844 });
      const ids = page.locator('[id="event-platform-weekly"] td.id');
      const planned = await ids.allTextContents();
      await page.getByLabel('Changes by').selectOption('Id');
      const sorted = planned.toSorted(new Intl.Collator('en', { numeric: true }).compare);
      expect(await ids.allTextContents()).toEqual(sorted);
      await page.getByLabel('Changes by').selectOption('as planned');
      expect(await ids.allTextContents()).toEqual(planned);
      expect(await page.locator('.changes thead button:not([tabindex="-1"])').count()).toBe(0);
      await page.setViewportSize({ width: 1280, height: 900 });
      await expect.poll(() => page.locator('.changes thead [tabindex="-1"]').count()).toBe(0);
      expect(await page.getByLabel('Changes by').isVisible()).toBe(false);
    });
  });

  describe('has permalinks', () => {
    test('that open their event, also one of another script', async () => {
      const page = await browser.open(`named#event-${encodeURIComponent('每周例会')}`);
      const details = page.locator('article', { hasText: '每周例会' }).locator('details').first();
      expect(await details.getAttribute('open')).toBe('');
    });

    test('that open a closed event far down, and one that the filter hides', async () => {
      const page = await browser.open('long#event-event-30');
      const article = page.locator('[id="event-event-30"]');
      expect(await article.locator('details').first().getAttribute('open')).toBe('');
      expect(await page.evaluate(`document.activeElement.closest('article').id`)).toBe('event-event-30');
      await expect
        .poll(() => article.boundingBox().then((box) => box !== null && box.y >= 0 && box.y < 900))
        .toBe(true);
      await page.getByLabel('Find').fill('event-07');
      await page.evaluate(`location.hash = '#event-event-31'`);
      await expect
        .poll(() => page.locator('[id="event-event-31"] details').first().getAttribute('open'))
        .toBe('');
      expect(await page.getByLabel('Find').inputValue()).toBe('');
    });

    test('that work again once the event was closed', async () => {
      const page = await browser.open('mixed');
      const article = page.locator('[id="event-quiet"]');
      for (let round = 0; round < 2; round += 1) {
        await article.getByRole('link', { name: 'Link to quiet' }).click();
        await expect.poll(() => article.locator('details').first().getAttribute('open')).toBe('');
        await article.locator('summary').first().click();
      }
      expect(new URL(page.url()).hash).toBe('#event-quiet');
    });
  });

  describe('on paper', () => {
    test('too many changes are the table also without the script', async () => {
      const page = await browser.open('long', { script: false });
      expect(await sheets(page)).toBeLessThan(5);
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.overview tbody tr:visible').count()).toBe(40);
      expect(await page.locator('article:visible').count()).toBe(0);
    });

    test('a short plan has every change, in columns as wide as their words', async () => {
      const page = await browser.open('replies', { width: 700, height: 900 });
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.changes tbody tr:visible').count()).toBe(7);
      const heights = await page
        .locator('.changes tbody tr')
        .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
      expect(Math.max(...heights)).toBeLessThan(120);
      expect(await sheets(page)).toBeLessThan(4);
    });
  });

  describe('with 5,000 changes', () => {
    let page: Page;

    // Once for both: it takes its time.
    beforeAll(async () => {
      const started = performance.now();
      page = await browser.open('many');
      expect(await shownEvents(page)).toHaveLength(40);
      expect(performance.now() - started).toBeLessThan(bearable);
    });

    test('is on paper the table of its events, and what was opened by hand', async () => {
      expect(await sheets(page)).toBeLessThan(5);
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.overview tbody tr:visible').count()).toBe(40);
      expect(await page.locator('article:visible').count()).toBe(0);
      await page.emulateMedia({ media: 'screen' });
      expect(await page.locator('.overview').isVisible()).toBe(false);
      await page.locator('[id="event-event-07"] summary').first().click();
      await page.emulateMedia({ media: 'print' });
      expect(await shownEvents(page)).toEqual(['event-07']);
      expect(await sheets(page)).toBeLessThan(12);
      await page.emulateMedia({ media: 'screen' });
    });

    test('is there, opened, filtered and sorted before anybody waits', async () => {
      const took = (act: string): Promise<number> =>
        page.evaluate<number>(`new Promise((resolve) => {
          const started = performance.now();
          ${act};
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
        })`);
      const type = (text: string): string =>
        `const field = document.getElementById('filter-text'); field.value = '${text}'; field.dispatchEvent(new Event('input'))`;
      expect(await took(`document.getElementById('open-all').click()`)).toBeLessThan(bearable);
      expect(
        await page.evaluate(`document.querySelectorAll("details[open] tbody tr:not([hidden])").length`),
      ).toBe(5000);
      expect(await took(type('ou_17_12'))).toBeLessThan(bearable);
      expect(await page.getByRole('status').innerText()).toBe('1 of 40 events, 6 of 5000 changes');
      expect(await took(type(''))).toBeLessThan(bearable);
      const sort = `document.getElementById('sort'); sort.value = 'removals'; sort.dispatchEvent(new Event('change'))`;
      expect(await took(`const sort = ${sort}`)).toBeLessThan(bearable);
      expect(browser.requests).toEqual(['/many']);
      expect(browser.faults).toEqual([]);
    });
  });
});
