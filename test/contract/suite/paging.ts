import { describe, expect, it } from 'vitest';

import type { Fault } from '../../../src/emulator/intercept.ts';
import type { Fixture } from './fixture.ts';
import { objectIn, pageTokenOf, type Page } from './page.ts';
import { planOf, resultOf } from './ground.ts';
import { openStage, type Script, type Wire } from './stage.ts';
import { deviates, on } from './topics.ts';
import { crowds, rests, step, wants } from './wants.ts';

/** Sends another body than the one that the server has for it. */
function rewritten(change: (page: Page) => unknown): Fault {
  return {
    kind: 'rewrite',
    rewrite: (answer) => ({ ...answer, body: JSON.stringify(change(objectIn(JSON.parse(answer.body)))) }),
  };
}

const html: Fault = {
  kind: 'answer',
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<html>please sign in</html>',
};

const pagesOf = (calls: readonly Wire[]): number =>
  calls.filter(({ operation }) => operation === 'list').length;

/** Lists longer than a page, and pages that cannot be relied on. */
export function paging(fixture: Fixture): void {
  const { page } = fixture.caps;
  /** Three pages, the organizer among them. */
  const long = { id: 'a_0', seats: [{ id: 'first' }], crowd: 2 * page };
  const good = { id: 'good_0', seats: [{ id: 'a' }, { id: 'b' }] };
  const paged = !deviates(fixture, 'pages');
  /** The answer that goes wrong: the second page, where there are pages. */
  const bad = paged ? 2 : 1;

  it.each([
    ['an event with nobody', 0, 1],
    ['one page less one', page - 1, 1],
    ['exactly one full page', page, 1],
    ['one page and one', page + 1, paged ? 2 : 1],
    ['exactly two full pages', 2 * page, paged ? 2 : 1],
    ['several pages', 2 * page + 7, paged ? 3 : 1],
  ])('%s is read in as few calls as can be', async (_what, crowd, calls) => {
    await using stage = await openStage(fixture, {
      scenes: [{ id: 'a_0', seats: [], bare: true, ...(crowd === 0 ? {} : { crowd }) }],
    });
    const { planned } = await rests(stage, [wants(fixture, 'a_0', crowds(1, crowd))]);
    expect(planOf(planned, 'a_0').observed?.count).toBe(crowd);
    expect(pagesOf(stage.wire)).toBe(calls);
  });

  it('the last of several pages is changed like the first', async () => {
    await using stage = await openStage(fixture, { scenes: [long] });
    await step(stage, [wants(fixture, 'a_0', crowds(1, 2 * page - 1))]);
  });

  describe('an event whose list cannot be read to the end is unknown, and nothing is planned for it', () => {
    const cases: readonly (readonly [string, Script, string])[] = [
      ...fixture.badPages.map(
        ([what, change]) =>
          [what, ({ nth }: Wire) => (nth === bad ? rewritten(change) : undefined), 'list-malformed'] as const,
      ),
      ['HTML instead of JSON', ({ nth }) => (nth === bad ? html : undefined), 'list-malformed'],
      ['nothing at all', ({ nth }) => (nth === bad ? { ...html, body: '' } : undefined), 'list-malformed'],
      [
        'a row that is no attendee',
        ({ nth }) =>
          nth === bad ? rewritten((body) => fixture.withRows(body, (rows) => [...rows, {}])) : undefined,
        'list-malformed',
      ],
      [
        'a page that always fails',
        ({ nth }) => (nth >= bad ? fixture.serverError : undefined),
        'list-failed',
      ],
      ['a page that is refused', ({ nth }) => (nth === bad ? refused(fixture) : undefined), 'list-refused'],
      ...(paged ? tokensGoneWrong(fixture) : []),
    ];

    it.each(cases)('%s', async (_what, script, code) => {
      await using stage = await openStage(
        fixture,
        { scenes: [long, good] },
        {
          script: (call) => (call.operation === 'list' && call.eventId === 'a_0' ? script(call) : undefined),
        },
      );
      const run = await stage.run([wants(fixture, 'a_0', ['new']), wants(fixture, 'good_0', ['a'])]);
      const event = planOf(run.planned, 'a_0');
      expect(event).toMatchObject({ status: 'unknown', changes: [], kept: [], drift: [], missing: [] });
      if (code !== '') expect(event.problem?.code).toBe(code);
      expect(event.problem?.hint).toMatch(/\w/);
      expect(run.planned.plan).toMatchObject({ complete: false, applyable: false });
      expect(resultOf(run.result, 'a_0').outcome).toBe('unknown');
      expect(resultOf(run.result, 'good_0').outcome).toBe('converged');
      expect(run.writes.filter(({ eventId }) => eventId === 'a_0')).toEqual([]);
    });
  });

  on(fixture, 'pages', 'a page token', () => {
    it('that expired once begins the list again, where the platform says so', async () => {
      await using stage = await openStage(
        fixture,
        { scenes: [long] },
        {
          script: ({ operation, nth }) =>
            operation === 'list' && nth === 2 ? fixture.expiredPage : undefined,
        },
      );
      const planned = await stage.plan([wants(fixture, 'a_0', ['first', ...crowds(1, 2 * page)])]);
      const status = deviates(fixture, 'page-token-expiry') ? 'unknown' : 'in-sync';
      expect(planOf(planned, 'a_0').status).toBe(status);
    });
  });

  on(fixture, 'pages', 'a row on two pages', () => {
    const doubled = rewritten((body) => fixture.withRows(body, (rows) => rows.slice(-1)));
    /** The second page shows the last row of the first again, as a list that grew at its head does. */
    const moving = (times: number): Script => {
      let last: readonly unknown[] = [];
      return ({ operation, nth }) => {
        if (operation !== 'list' || nth > 2 * times) return undefined;
        return rewritten((body) =>
          fixture.withRows(body, (rows) => {
            const shown = nth % 2 === 0 ? [...last, ...rows] : rows;
            last = rows.slice(-1);
            return shown;
          }),
        );
      };
    };
    const desired = wants(fixture, 'a_0', crowds(1, page + 1));
    const scenes = [{ id: 'a_0', seats: [], bare: true, crowd: page + 1 }];

    it('has the list read once more', async () => {
      await using stage = await openStage(fixture, { scenes }, { script: moving(1) });
      expect(planOf(await stage.plan([desired]), 'a_0').status).toBe('in-sync');
      expect(pagesOf(stage.wire)).toBe(4);
    });

    it('twice leaves the event unknown', async () => {
      await using stage = await openStage(fixture, { scenes }, { script: moving(2) });
      expect(planOf(await stage.plan([desired]), 'a_0')).toMatchObject({
        status: 'unknown',
        changes: [],
        problem: { code: 'list-moved' },
      });
    });

    it('is not taken for one on the only page', async () => {
      await using stage = await openStage(
        fixture,
        { scenes: [good] },
        { script: ({ operation }) => (operation === 'list' ? doubled : undefined) },
      );
      const planned = await stage.plan([wants(fixture, 'good_0', ['b'])]);
      expect(planOf(planned, 'good_0').status).toBe('in-sync');
    });
  });

  on(fixture, 'read-back', 'what was written', () => {
    it('and cannot be read after it leaves the event unseen, not undone', async () => {
      await using stage = await openStage(
        fixture,
        { scenes: [good] },
        { script: ({ operation, nth }) => (operation === 'list' && nth > 1 ? html : undefined) },
      );
      const { result, writes } = await stage.run([wants(fixture, 'good_0', ['a'])]);
      expect(resultOf(result, 'good_0')).toMatchObject({
        outcome: 'not-converged',
        problem: { code: 'list-malformed' },
      });
      expect(writes).toHaveLength(1);
      expect(result.exitCode).toBe(4);
    });
  });
}

/** Pages that name each other, or that are gone by the time they are asked for. */
function tokensGoneWrong(fixture: Fixture): readonly (readonly [string, Script, string])[] {
  return [
    [
      'a page token that was there before',
      ({ nth, query }) =>
        nth === 2 ? rewritten((body) => fixture.withToken(body, pageTokenOf(query) ?? '')) : undefined,
      'list-malformed',
    ],
    ['page tokens that always expire', ({ nth }) => (nth % 2 === 0 ? fixture.expiredPage : undefined), ''],
  ];
}

function refused(fixture: Fixture): Fault {
  const row = fixture.errors.find(({ on, meaning }) => on === 'list' && meaning === 'event');
  if (row === undefined) throw new RangeError('the listing has no refusal');
  return fixture.refusal(row.code, row.status);
}
