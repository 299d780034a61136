import { describe, expect, it, test } from 'vitest';
import { isLoopback, pathSegment, queryString, shownUrl } from '../../src/http/url.ts';

describe('a path segment', () => {
  test.each([
    ['a/b+c==', 'a%2Fb%2Bc%3D%3D'],
    ['feishu.cn_x@group.calendar.feishu.cn', 'feishu.cn_x%40group.calendar.feishu.cn'],
    ['会议_0', '%E4%BC%9A%E8%AE%AE_0'],
    ['a?b#c%', 'a%3Fb%23c%25'],
    ['...', '...'],
  ])('holds %s as %s', (id, encoded) => {
    expect(pathSegment(id)).toBe(encoded);
    expect(new URL(`http://h/x/${encoded}/y`).pathname).toBe(`/x/${encoded}/y`);
  });

  test.each(['', '.', '..', 'a\uD800'])('is refused for %j', (id) => {
    expect(pathSegment(id)).toBeNull();
  });
});

it('leaves undefined parameters out of a query and encodes the others', () => {
  expect(queryString({ a: '1&2', b: undefined, c: 'x y' })).toBe('?a=1%262&c=x%20y');
  expect(queryString({ b: undefined })).toBe('');
});

test.each([
  ['http://h/p?page_size=100&page_token=abc', 'http://h/p?page_size=100&page_token=...'],
  ['http://h/p?nextToken=abc&x=1', 'http://h/p?nextToken=...&x=1'],
  ['http://user:pw@h/p@q?app_secret=abc', 'http://h/p@q?app_secret=...'],
  ['http://h/p', 'http://h/p'],
])('shows %s as %s', (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
});

test.each([
  ['http://localhost:1', true],
  ['http://127.0.0.1', true],
  ['http://127.1', true],
  ['http://[::1]:8', true],
  ['http://127.0.0.1.example.com', false],
  ['http://128.0.0.1', false],
  ['http://localhost.example.com', false],
])('tells whether %s is loopback: %s', (url, expected) => {
  expect(isLoopback(new URL(url).hostname)).toBe(expected);
});
