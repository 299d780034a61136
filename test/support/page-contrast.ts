import type { Page } from 'playwright-core';

/** How far something stands out from what it stands on, as WCAG 2 has it: 1 to 21. */
export interface Contrast {
  readonly what: string;
  readonly ratio: number;
}

/** Measures every visible text and every part of a bar with the colours that the browser computed. */
export function contrasts(page: Page): Promise<{ readonly texts: Contrast[]; readonly bars: Contrast[] }> {
  return page.evaluate(`(() => {
    const channels = (color) => {
      const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number);
      return { r, g, b, a };
    };
    const luminance = ({ r, g, b }) => {
      const [x, y, z] = [r, g, b]
        .map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const ratio = (a, b) => {
      const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
      return Math.round(((high + 0.05) / (low + 0.05)) * 100) / 100;
    };
    const grounds = new Map();
    const ground = (node) => {
      if (node === null) return { r: 255, g: 255, b: 255, a: 1 };
      if (!grounds.has(node)) {
        const color = channels(getComputedStyle(node).backgroundColor);
        if (color.a !== 0 && color.a !== 1) throw new Error('half transparent: ' + node.className);
        grounds.set(node, color.a === 1 ? color : ground(node.parentElement));
      }
      return grounds.get(node);
    };
    const texts = [...document.querySelectorAll('body *')]
      .filter((node) => [...node.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== ''))
      .filter((node) => !node.closest('script, option, .unseen, caption, .skip') && node.checkVisibility())
      .map((node) => ({
        what: node.localName + '.' + node.className + ': ' + node.textContent.trim().slice(0, 30),
        ratio: ratio(channels(getComputedStyle(node).color), ground(node)),
      }));
    const hatch = getComputedStyle(document.querySelector('.hatch-ground')).fill;
    const bars = [...document.querySelectorAll('.bar rect')].map((node) => {
      const { fill } = getComputedStyle(node);
      const color = channels(fill.startsWith('url') ? hatch : fill);
      return { what: node.getAttribute('class'), ratio: ratio(color, ground(node.closest('.bar').parentElement)) };
    });
    return { texts, bars };
  })()`);
}
