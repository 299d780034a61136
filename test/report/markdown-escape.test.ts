import { describe, expect, test } from 'vitest';

import { code, htmlCode, prose } from '../../src/report/markdown/escape.ts';

describe('text from outside as code', () => {
  test.each([
    ['plain', 'Zhang San', '`Zhang San`'],
    ['with a backtick within', 'a`b', '``a`b``'],
    ['with backticks at its ends', '`a`', '`` `a` ``'],
    ['with two kinds of runs', 'a`b``c', '```a`b``c```'],
    ['with a pipe', 'a|b', '`a`&#124;`b`'],
    ['with an escaped pipe', 'a\\|b', '`a\\`&#124;`b`'],
    ['of a pipe alone', '|', '&#124;'],
    ['of a space alone', ' ', '` `'],
    ['with spaces at its ends', ' a ', '`  a  `'],
    ['with a line break and an override', 'a\n\u202eb', '`a\\n\\u202eb`'],
    ['that is empty', '', ''],
  ])('%s', (_, text, markdown) => {
    expect(code(text)).toBe(markdown);
  });

  test('within a tag is escaped as HTML', () => {
    expect(htmlCode(`<b a="x" b='y'>&\n`)).toBe(
      '<code>&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;\\n</code>',
    );
  });
});

describe('a sentence with parts from outside', () => {
  test.each([
    ['3 of 10 would be removed, more than half.', '3 of 10 would be removed, more than half.'],
    ['set guards.allowEmpty: true, or stop.', 'set `guards.allowEmpty`: true, or stop.'],
    ['ask @everyone now', 'ask `@everyone` now'],
    ['see #1 and GH-1 or owner/repo#2', 'see `#1` and `GH-1` or `owner/repo#2`'],
    ['at www.example.com and https://x.y/z', 'at `www.example.com` and `https://x.y/z`'],
    ['commit deadbeef or 1234567', 'commit `deadbeef or 1234567`'.replace(' or ', '` or `')],
    ['a :tada: **b** _c_ ~~d~~', 'a `:tada: **b** _c_ ~~d~~`'],
    ['<b> &amp; [x](y)', '`<b> &amp; [x](y)`'],
    ['.', '`.`'],
  ])('%j becomes %j', (text, markdown) => {
    expect(prose(text)).toBe(markdown);
  });
});
