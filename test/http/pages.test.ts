import { describe, expect, it } from 'vitest';
import { maxPages, readPages, type Page, type Pages } from '../../src/http/pages.ts';

function read(pages: readonly Page<string>[]): Promise<Pages<string>> {
  let index = -1;
  return readPages(
    () => {
      index += 1;
      return Promise.resolve(pages[index % pages.length] ?? { rows: [], next: null });
    },
    (row) => row,
  );
}

describe('reading pages', () => {
  it('hands each page the token of the one before', async () => {
    const tokens: (string | null)[] = [];
    const pages = await readPages(
      (token) => {
        tokens.push(token);
        return Promise.resolve({
          rows: [String(token)],
          next: tokens.length < 3 ? `t${tokens.length}` : null,
        });
      },
      (row) => row,
    );
    expect(tokens).toEqual([null, 't1', 't2']);
    expect(pages).toEqual({ state: 'complete', rows: ['null', 't1', 't2'] });
  });

  it('sees a row on two pages', async () => {
    const pages = [
      { rows: ['a', 'b'], next: '1' },
      { rows: ['b', 'c'], next: null },
    ];
    expect(await read(pages)).toEqual({ state: 'moved' });
  });

  it('takes a row twice on one page as it is', async () => {
    expect(await read([{ rows: ['a', 'a'], next: null }])).toEqual({ state: 'complete', rows: ['a', 'a'] });
  });

  it('sees a token that was used already', async () => {
    const pages = [
      { rows: ['a'], next: '1' },
      { rows: ['b'], next: '2' },
      { rows: ['c'], next: '1' },
    ];
    expect(await read(pages)).toEqual({ state: 'repeated-token' });
  });

  it('ends a listing that would never end', async () => {
    let count = 0;
    const pages = await readPages(
      () => {
        count += 1;
        return Promise.resolve({ rows: [], next: `t${count}` });
      },
      () => '',
    );
    expect(pages).toEqual({ state: 'endless' });
    expect(count).toBe(maxPages);
  });
});
