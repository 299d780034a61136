import { describe, expect, test } from 'vitest';
import type { PageBrowser } from '../support/page-browser.ts';
import { contrasts } from '../support/page-contrast.ts';

/** What the page is to people who see little, or use the keyboard alone. */
export function accessible(open: PageBrowser['open']): void {
  describe('is accessible', () => {
    test.each([
      [1280, 'mixed'],
      [390, 'mixed'],
      [1280, 'replies'],
      [390, 'stopped'],
    ])('and its text stands out, in light and dark: %i wide, %s', async (width, name) => {
      const page = await open(name, { width, height: 900 });
      await page.evaluate(`for (const part of document.querySelectorAll('details')) part.open = true`);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { texts, bars } = await contrasts(page);
        expect(texts.length).toBeGreaterThan(90);
        expect(texts.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
        expect(bars.length).toBeGreaterThan(3);
        expect(bars.filter(({ ratio }) => ratio < 3)).toEqual([]);
      }
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    });

    test('in light and dark, which differ', async () => {
      const ground = `getComputedStyle(document.body).backgroundColor`;
      const page = await open('mixed', { colorScheme: 'light' });
      const light = await page.evaluate(ground);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await page.evaluate(ground)).not.toBe(light);
    });

    test('with landmarks, headings, names and roles', async () => {
      const page = await open('mixed');
      const tree = await page.locator('body').ariaSnapshot();
      for (const part of [
        '- banner:',
        '- main:',
        '- contentinfo:',
        '- search "Events":',
        '- searchbox "Find"',
        '- group "Platform":',
        '- group "Status":',
        '- checkbox "Feishu 4"',
        '- combobox "Sort by":',
        '- status:',
        '- heading "Needs attention" [level=2]',
        '- heading "By person" [level=2]',
        '- heading "Events" [level=2]',
        '- article "Platform weekly":',
        '- heading "Platform weekly" [level=3]',
        '- table "Changes of Platform weekly":',
        '- columnheader "Where from":',
        '- rowheader "Zhang San"',
        '- link "Link to Platform weekly":',
      ]) {
        expect(tree).toContain(part);
      }
      expect(tree).toMatch(/- heading "Remove 6 of 19 attendees from 1 event, .*" \[level=1\]/);
    });

    test('and a table stays one where it is stacked', async () => {
      const page = await open('mixed', { width: 390, height: 844 });
      const tree = await page.locator('[id="event-platform-weekly"]').ariaSnapshot();
      for (const part of [
        '- table "Changes of Platform weekly":',
        '- rowheader "Zhang San"',
        '- columnheader "Id":',
        '- cell "ou_x"',
      ]) {
        expect(tree).toContain(part);
      }
    });

    test('with the keyboard alone, and shows where it is', async () => {
      const page = await open('mixed');
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the events');
      expect(await page.getByRole('link', { name: 'Skip to the events' }).isVisible()).toBe(true);
      await page.keyboard.press('Enter');
      const reached: string[] = [];
      for (let step = 0; step < 30; step += 1) {
        await page.keyboard.press('Tab');
        reached.push(
          await page.evaluate<string>(`(() => {
            const node = document.activeElement;
            const outlined = node.type === 'checkbox' ? node.closest('.chip') : node;
            const { outlineStyle, outlineWidth } = getComputedStyle(outlined);
            return node.localName + (outlineStyle === 'none' || parseFloat(outlineWidth) < 2 ? ' unseen' : '');
          })()`),
        );
      }
      expect(reached.filter((name) => name.endsWith('unseen'))).toEqual([]);
      expect(new Set(reached)).toEqual(new Set(['input', 'select', 'button', 'summary', 'a']));
    });

    test('and prints what was closed, without what is of no use on paper', async () => {
      const page = await open('mixed');
      await page.getByRole('button', { name: 'Close all' }).click();
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('#filter').isVisible()).toBe(false);
      const row = page.locator('article').first().locator('tbody tr').first();
      await expect.poll(() => row.boundingBox().then((box) => (box?.height ?? 0) > 10)).toBe(true);
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
        'rgb(255, 255, 255)',
      );
    });
  });
}
