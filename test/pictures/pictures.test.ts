import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/cli.ts';
import { needsForPng, pagePng, planPage, planSvg, recordOf } from './demo.ts';
import { sourceOf, withSource } from './png-source.ts';
import { terminalSvg } from './terminal-svg.ts';

const images = join(root, 'docs/images');
const [svg, png] = [join(images, 'plan.svg'), join(images, 'report.png')];

/** `npm run pictures` sets it: the pictures are made anew before they are looked at. */
const isMaking = process.env['ROLLCALL_PICTURES'] === 'make';

describe('the pictures of the README', () => {
  it('show the plan as it is on a terminal today (otherwise: npm run pictures)', async () => {
    const made = await planSvg();
    if (isMaking) {
      mkdirSync(images, { recursive: true });
      writeFileSync(svg, made);
    }
    expect(made).toBe(readFileSync(svg, 'utf8'));
  });

  it('show the HTML report as it is today (otherwise: npm run pictures)', async () => {
    const page = await planPage();
    if (isMaking) {
      needsForPng();
      writeFileSync(png, await pagePng(page));
    }
    expect(sourceOf(readFileSync(png))).toBe(recordOf(page));
  });

  it('are small', () => {
    expect(readFileSync(svg).length).toBeLessThan(30_000);
    expect(readFileSync(png).length).toBeLessThan(150_000);
  });
});

describe('a picture of a terminal', () => {
  const drawn = (output: string): string[] =>
    terminalSvg(output, { width: 20, title: 'x' }).match(/<text.*/g) ?? [];

  it('puts each run of text where its columns are, and says how wide it is', () => {
    expect(drawn('a 周会 b\r\n  c\n')).toEqual([
      '<text x="16.0" y="30" textLength="8.4">a</text>',
      '<text x="32.8" y="30" textLength="33.6">周会</text>',
      '<text x="74.8" y="30" textLength="8.4">b</text>',
      '<text x="32.8" y="50" textLength="8.4">c</text>',
    ]);
  });

  it('names styles, also over the end of a line, and escapes text', () => {
    expect(drawn('\u001b[1m\u001b[31m<a>\nb\u001b[39m\u001b[22m & c')).toEqual([
      '<text x="16.0" y="30" textLength="25.2" class="bold red">&lt;a&gt;</text>',
      '<text x="16.0" y="50" textLength="8.4" class="bold red">b</text>',
      '<text x="32.8" y="50" textLength="25.2">&amp; c</text>',
    ]);
  });

  it.each(['\u001b[4mx', '\u001b[2Kx', 'a\rb', '\u001b[39mx'])('is not made of %j', (output) => {
    expect(() => drawn(output)).toThrow(RangeError);
  });
});

it('a PNG says what it was made of, or nothing', () => {
  const header = Buffer.alloc(33);
  const rest = Buffer.from([0, 0, 0, 0, ...Buffer.from('IEND'), 0xae, 0x42, 0x60, 0x82]);
  const plain = Buffer.concat([header, rest]);
  expect(sourceOf(plain)).toBeNull();
  expect(sourceOf(withSource(plain, 'sha256:0'))).toBe('sha256:0');
});
