import { describe, expect, it } from 'vitest';
import type { Occurrences } from '../../../src/model/occurrence.ts';
import { feishuEvent, no, ok, onFeishu, signal } from '../bench.ts';
import type { Script, SeenRequest } from '../../support/scripted-server.ts';

const at = (text: string): number => Date.parse(text) / 1000;
const original = at('2099-02-08T02:00:00Z');
const window = { fromMs: Date.parse('2099-01-01T00:00:00Z'), toMs: Date.parse('2100-01-01T00:00:00Z') };

function occurrence(series: string, more: object = {}): object {
  return {
    event_id: `${series}_${original}`,
    summary: 'Weekly',
    start_time: { timestamp: String(at('2099-02-08T06:00:00Z')), timezone: 'Asia/Shanghai' },
    status: 'confirmed',
    is_exception: true,
    ...more,
  };
}

const plain = (series: string): object => occurrence(series, { is_exception: false });
const master = (series: string): object => ({ ...plain(series), event_id: `${series}_0` });

interface Read {
  readonly found: ReadonlyMap<string, Occurrences>;
  readonly calls: readonly SeenRequest[];
  readonly paths: readonly string[];
}

function read(ids: readonly string[], script: Script): Promise<Read> {
  return onFeishu(script, async ({ reader, calls }) => {
    const refs = ids.map((id) => ({ ...feishuEvent, eventId: `${id}_0` }));
    const found = await reader.occurrences(refs, window, signal);
    return { found, calls: calls(), paths: calls().map(({ path }) => path.split('/events').at(-1) ?? '') };
  });
}

const page = (...items: object[]): ReturnType<Script> => ok({ items, has_more: false });

describe('the changed occurrences of one series', () => {
  it('are asked for in one call, from 90 days before to 90 days after', async () => {
    const { found, calls, paths } = await read(['a'], () => page(plain('a'), occurrence('a')));
    expect(paths).toEqual(['/a_0/instances']);
    expect(calls[0]?.query).toEqual({
      start_time: String(at('2098-10-03T00:00:00Z')),
      end_time: String(at('2100-04-01T00:00:00Z')),
      page_size: '500',
    });
    expect(found.get('a_0')).toEqual({
      complete: true,
      occurrences: [
        {
          eventId: `a_${original}`,
          original: '2099-02-08T02:00:00Z',
          start: '2099-02-08T06:00:00Z',
          summary: 'Weekly',
        },
      ],
    });
  });

  it('are without those that were cancelled', async () => {
    const { found } = await read(['a'], () => page(occurrence('a', { status: 'cancelled' })));
    expect(found.get('a_0')).toEqual({ complete: true, occurrences: [] });
  });

  it('have days where the series has', async () => {
    const { found } = await read(['a'], () => page(occurrence('a', { start_time: { date: '2099-02-09' } })));
    expect(found.get('a_0')).toMatchObject({
      occurrences: [{ original: '2099-02-08', start: '2099-02-09' }],
    });
  });

  it('are read to the last page, an empty one in between too', async () => {
    const { found, calls } = await read(['a'], ({ query }) =>
      query['page_token'] === undefined
        ? ok({ items: [], has_more: true, page_token: 'p2' })
        : page(occurrence('a')),
    );
    expect(calls).toHaveLength(2);
    expect(found.get('a_0')).toMatchObject({ complete: true, occurrences: [{}] });
  });

  it.each<[string, Script, string]>([
    ['that may not be read', () => no(191002, 403), 'list-refused'],
    ['that are not there', () => no(193001, 404), 'event-not-found'],
    [
      'whose rows do not say what they are',
      () => page(occurrence('a', { is_exception: undefined })),
      'list-malformed',
    ],
    ['without a start', () => page(occurrence('a', { start_time: undefined })), 'list-malformed'],
    ['without an id', () => page(occurrence('a', { event_id: '' })), 'list-malformed'],
    ['of a page that names no next one', () => ok({ items: [], has_more: true }), 'list-malformed'],
  ])('%s are not complete', async (_what, script, code) => {
    const { found } = await read(['a'], script);
    expect(found.get('a_0')).toMatchObject({ complete: false, problem: { code } });
  });
});

describe('the changed occurrences of several series of a calendar', () => {
  const isList = ({ path }: SeenRequest): boolean => path.endsWith('/events');

  it('come from one list of it', async () => {
    const { found, calls, paths } = await read(['a', 'b', 'c'], () =>
      page(master('a'), master('b'), master('c'), occurrence('a'), occurrence('other'), occurrence('b')),
    );
    expect(paths).toEqual(['']);
    expect(calls[0]?.query).toEqual({ anchor_time: String(at('2098-10-03T00:00:00Z')), page_size: '1000' });
    expect([...found].map(([id, one]) => [id, one.complete && one.occurrences.length])).toEqual([
      ['a_0', 1],
      ['b_0', 1],
      ['c_0', 0],
    ]);
  });

  it('are asked for one by one where the list would take as many calls', async () => {
    const { paths } = await read(['a', 'b'], (request) =>
      isList(request) ? ok({ items: [master('a')], has_more: true, page_token: 'p2' }) : page(),
    );
    expect(paths.toSorted()).toEqual(['', '/a_0/instances', '/b_0/instances']);
  });

  it('are asked for one by one where the list is refused', async () => {
    const { found, paths } = await read(['a', 'b'], (request) =>
      isList(request) ? no(191004, 403) : page(),
    );
    expect(paths).toHaveLength(3);
    expect([...found.values()].every(({ complete }) => complete)).toBe(true);
  });

  it('are asked for where the list has no such series', async () => {
    const { found, paths } = await read(['a', 'b'], (request) =>
      isList(request) ? page(master('a')) : no(193001, 404),
    );
    expect(paths).toEqual(['', '/b_0/instances']);
    expect(found.get('b_0')).toMatchObject({ complete: false, problem: { code: 'event-not-found' } });
  });

  it('are all unknown, and asked for no more, once the credentials are not accepted', async () => {
    const { found, calls } = await read(['a', 'b'], () => no(99991401, 400));
    expect(calls).toHaveLength(1);
    expect([...found.values()]).toMatchObject([
      { complete: false, problem: { code: 'credentials' } },
      { complete: false, problem: { code: 'credentials' } },
    ]);
  });
});
