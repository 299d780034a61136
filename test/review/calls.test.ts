import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTransport } from '../../src/http/undici-transport.ts';
import { githubReview } from '../../src/review/github.ts';
import type { Review } from '../../src/review/site.ts';
import { type ReviewSite, reviewSite } from '../support/review-sites.ts';
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts';

const start = Date.UTC(2026, 0, 1);
let site: ReviewSite;
let clock: VirtualClock;
let review: Review;
const transport = createTransport();

beforeEach(async () => {
  site = await reviewSite('github');
  clock = virtualClock(start);
  const env = {
    GITHUB_TOKEN: 'ghs_token',
    GITHUB_API_URL: `${site.url}/`,
    GITHUB_REPOSITORY: 'acme/people',
    GITHUB_REF: 'refs/pull/7/merge',
  };
  review = githubReview(env, { transport, clock, signal: new AbortController().signal }, () => '');
});
afterEach(() => site[Symbol.asyncDispose]());

it.each<[string, number, Record<string, string>, string, number]>([
  ['as long as it asks', 429, { 'retry-after': '7' }, '', 7000],
  ['as long as it asks, with the status of a refusal', 403, { 'retry-after': '9' }, '', 9000],
  [
    'until the calls of the hour are there again',
    403,
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(start / 1000 + 90) },
    'API rate limit exceeded',
    90_000,
  ],
])('waits for a rate limit %s', async (_, status, headers, message, waits) => {
  let limited = false;
  site.fault = ({ path }) => {
    if (limited || !path.endsWith('/comments')) return undefined;
    limited = true;
    return { status, headers, body: { message } };
  };
  expect(await review.comments('')).toEqual([]);
  expect(Math.max(...clock.slept)).toBe(waits);
});

it('waits for it where a refusal would be an answer, and does not take its comments for those of another', async () => {
  site.comments.push({ id: 1, body: 'text', author: 'lead' });
  site.fault = ({ path }) => {
    if (path !== '/user') return undefined;
    return clock.slept.length === 0
      ? { status: 403, headers: { 'retry-after': '7' }, body: { message: 'You have exceeded a rate limit' } }
      : { body: { login: 'lead' } };
  };
  expect((await review.comments('')).map(({ id }) => id)).toEqual([1]);
});

it('does not wait for an hour', async () => {
  site.fault = () => ({
    status: 403,
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(start / 1000 + 3600) },
    body: { message: 'API rate limit exceeded' },
  });
  await expect(review.labels()).rejects.toThrow(/\(403\): API rate limit exceeded/);
  expect(clock.slept).toEqual([]);
});

it('gives up on a site that keeps failing', async () => {
  site.fault = () => ({ status: 503 });
  await expect(review.labels()).rejects.toThrow('GitHub failed (503)');
  expect(site.requests).toHaveLength(6);
});

it('repeats a change that can be made twice, and no new comment', async () => {
  site.fault = ({ method }) => (method === 'GET' ? undefined : { status: 500 });
  await expect(review.update(1, 'text')).rejects.toThrow('GitHub failed (500)');
  expect(site.writes()).toHaveLength(6);
  await expect(review.create('text')).rejects.toMatchObject({ name: 'Lost' });
  expect(site.writes()).toHaveLength(7);
});

it('ends with a site that has no last page', async () => {
  site.fault = ({ path }) =>
    path.endsWith('/labels') ? { body: [{}], headers: { link: '<x>; rel="next"' } } : undefined;
  await expect(review.labels()).rejects.toThrow('more comments on GitHub than rollcall reads (20000)');
  expect(site.requests).toHaveLength(200);
});
