import { describe, expect, it } from 'vitest';
import type { ObservedAttendee } from '../../src/model/attendee.ts';
import type { Observed } from '../../src/model/event.ts';
import { type Listing, type Page, maxListingSize, maxPages, readList } from '../../src/providers/pages.ts';
import { PlatformError } from '../../src/providers/provider.ts';

type Row = ObservedAttendee & { readonly attendeeId: string };

function row(id: string, attendeeId = `row_${id}`): Row {
  return { type: 'user', id, attendeeId, optional: false, organizer: false, external: false, reply: 'none' };
}

function page(ids: readonly string[], next: string | null, size = 100): Page<Row> {
  return { rows: ids.map((id) => row(id)), next, size };
}

/** Answers the pages one after the other, from the first again after the last. */
function read(
  pages: readonly (Page<Row> | PlatformError)[],
  more: Partial<Listing<Row>> = {},
): Promise<Observed> {
  let index = -1;
  return readList<Row>({
    fetchPage: () => {
      index += 1;
      const answer = pages[index % pages.length];
      return answer instanceof PlatformError
        ? Promise.reject(answer)
        : Promise.resolve(answer ?? page([], null));
    },
    keyOf: ({ attendeeId }) => attendeeId,
    ...more,
  });
}

const ids = (observed: Observed): readonly string[] | null =>
  observed.complete ? observed.attendees.map(({ id }) => id) : null;

describe('reading a listing', () => {
  it('hands each page the token of the one before', async () => {
    const tokens: (string | null)[] = [];
    const observed = await read([], {
      fetchPage: (token) => {
        tokens.push(token);
        return Promise.resolve(page([String(token)], tokens.length < 3 ? `t${tokens.length}` : null));
      },
    });
    expect(tokens).toEqual([null, 't1', 't2']);
    expect(ids(observed)).toEqual(['null', 't1', 't2']);
  });

  it('takes a row twice on one page as it is', async () => {
    expect(ids(await read([page(['a', 'a'], null)]))).toEqual(['a', 'a']);
  });

  it('starts once more where a row stood on two pages, and gives up where it does so again', async () => {
    const moved = [page(['a', 'b'], '1'), page(['b', 'c'], null)];
    const sound = [page(['a', 'b'], '1'), page(['c'], null)];
    expect(ids(await read([...moved, ...sound]))).toEqual(['a', 'b', 'c']);
    expect(await read(moved)).toMatchObject({ complete: false, problem: { code: 'list-moved' } });
  });

  it('starts once more where the page token ran out, and only where the platform says that', async () => {
    const stale = new PlatformError('event', 'stale', 'the page token ran out');
    const isStale = ({ code }: PlatformError): boolean => code === 'stale';
    const sound = [page(['a'], '1'), page(['b'], null)];
    expect(ids(await read([page(['a'], '1'), stale, ...sound], { isStale }))).toEqual(['a', 'b']);
    await expect(read([page(['a'], '1'), stale], { isStale })).rejects.toBe(stale);
    await expect(read([page(['a'], '1'), stale, ...sound])).rejects.toBe(stale);
  });
});

describe('a listing that makes no sense', () => {
  it.each([
    ['on one page', [{ rows: [row('a', 'x'), row('b', 'x')], next: null, size: 1 }]],
    [
      'on two pages',
      [
        { rows: [row('a', 'x')], next: '1', size: 1 },
        { rows: [row('b', 'x')], next: null, size: 1 },
      ],
    ],
  ])('has one attendee id for two attendees %s', async (_where, pages) => {
    await expect(read(pages)).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringContaining('two attendees share one attendee id'),
    });
  });

  it('names a page that was read already', async () => {
    await expect(read([page(['a'], '1'), page(['b'], '2'), page(['c'], '1')])).rejects.toMatchObject({
      kind: 'malformed',
    });
  });

  it('names a page by half a character', async () => {
    await expect(read([page(['a'], '\uD800')])).rejects.toMatchObject({ kind: 'malformed' });
  });

  it('never ends', async () => {
    let count = 0;
    const endless = read([], {
      fetchPage: () => {
        count += 1;
        return Promise.resolve(page([], `t${count}`));
      },
    });
    await expect(endless).rejects.toMatchObject({ kind: 'malformed' });
    expect(count).toBe(maxPages);
  });

  it('is longer than any event can have, and is left at once', async () => {
    let count = 0;
    const large = read([], {
      fetchPage: () => {
        count += 1;
        return Promise.resolve(page([`u${count}`], `t${count}`, maxListingSize / 4));
      },
    });
    await expect(large).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringContaining('longer than any event can have'),
    });
    expect(count).toBe(5);
  });
});
