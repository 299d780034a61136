import { describe, expect, it, test } from 'vitest';
import { Secrets } from '../../src/http/secrets.ts';

test.each([
  ['token t-abc is bad, t-abc!', ['t-abc'], 'token *** is bad, ***!'],
  ['nothing here', ['t-abc', null], 'nothing here'],
  ['a cat', ['a'], 'a cat'],
  ['line\r\nbreak\u001B[31m ', [], 'line break [31m'],
  ['x'.repeat(301), [], `${'x'.repeat(300)}...`],
  [`${'x'.repeat(299)}😀y`, [], `${'x'.repeat(299)}...`],
])('scrubs %j', (text, secrets, clean) => {
  expect(new Secrets(secrets).scrub(text)).toBe(clean);
});

const secret = 'a "b"/c+d\\ü>~?~?>';

describe.each([
  ['as it is', secret],
  ['in JSON', JSON.stringify(secret).slice(1, -1)],
  ['in a URL', encodeURIComponent(secret)],
  ['in a URL in lower case', encodeURIComponent(secret).replaceAll(/%../g, (text) => text.toLowerCase())],
  ['in a form', new URLSearchParams([['x', secret]]).toString().slice(2)],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['in base64 without padding', Buffer.from(secret).toString('base64').replace(/=+$/, '')],
  ['in JSON in JSON', JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1)],
  ['in base64 for URLs', Buffer.from(secret).toString('base64url')],
])('a secret that stands there %s', (_, form) => {
  it('is struck out', () => {
    expect(new Secrets([secret]).scrub(`before ${form} after`)).toMatch(/^before \*\*\*=* after$/);
  });

  it('is found in what was read', () => {
    const text = JSON.stringify({ rows: [{ name: `x${form}x` }] });
    expect(new Secrets([null, secret]).areIn(text)).toBe(true);
    const escaped = `"${form.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
    expect(new Secrets([null, secret]).areIn(escaped)).toBe(true);
  });
});

it.each(['', 'u', 'cli', 'user:'])('strikes a secret out of the base64 of %j and the secret', (before) => {
  const clean = new Secrets([secret]).scrub(`Basic ${Buffer.from(`${before}${secret}`).toString('base64')}`);
  const [, prefix = ''] = /^Basic (.*)\*\*\*.{0,2}$/.exec(clean) ?? [];
  expect(clean).toContain('***');
  expect(prefix.length).toBeLessThanOrEqual(Math.ceil((before.length * 4) / 3));
});

it('finds no secret where there is none, or where it is a short word', () => {
  expect(new Secrets([secret, null]).areIn('{"rows":["another"]}')).toBe(false);
  expect(new Secrets(['weekly']).areIn('{"name":"weekly"}')).toBe(false);
});

it('looks through an answer that is nested deeper than the stack', () => {
  const nested = (text: string): string => `${'['.repeat(100_000)}"\\u0061 ${text}"${']'.repeat(100_000)}`;
  expect(new Secrets([secret]).areIn(nested('nothing'))).toBe(false);
  expect(new Secrets(['CANARY-secret']).areIn(nested('CANARY\\u002dsecret'))).toBe(true);
});

it('joins the halves of a character that is escaped as two', () => {
  expect(new Secrets(['secret-\u{1F600}']).areIn('{"a":"secret-\\ud83d\\ude00"}')).toBe(true);
});
