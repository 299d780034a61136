import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../../src/run/store.ts';
import { migrations } from '../../../src/store/postgres/migrations/index.ts';
import { asking, type Answer, makeReady, type Question, used } from '../../../src/store/postgres/question.ts';
import type { Store } from '../../../src/store/postgres/store.ts';
import { randomOf } from '../../property/random.ts';
import { PermitStore } from '../../support/permit-store.ts';
import { freshDatabase, noPostgres, postgresBin, startPostgres } from '../../support/postgres.ts';

if (postgresBin() === null) console.warn(noPostgres);

const holder = '00000000-0000-4000-8000-000000000001';
const other = '00000000-0000-4000-8000-000000000002';
const epoch = Date.UTC(2026, 4, 31, 15, 59, 0);

let seq = 0;

function question(given: Partial<Question>): Question {
  return {
    holder,
    lane: 'a/list',
    lanes: [{ name: 'a/list', windows: [{ calls: 2, perMs: 1000 }] }],
    calls: [],
    unsent: [],
    want: [],
    early: 0,
    pause: null,
    refused: null,
    journey: null,
    account: 'a',
    counted: 0,
    ...given,
  };
}

function wanted(...units: number[]): Question['want'] {
  return units.map((own) => ({ seq: (seq += 1), units: own }));
}

describe.skipIf(postgresBin() === null)('permits in the store', () => {
  let store: Store;

  beforeAll(async () => {
    const opened = await openStore({ ROLLCALL_STORE: await freshDatabase() });
    if (opened === null) throw new RangeError('no store');
    store = opened;
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await store.query('delete from rollcall.permit');
    await store.query('delete from rollcall.asker');
    await store.query('delete from rollcall.lane');
    await store.query('delete from rollcall.used');
  });

  /** Asks at a time of the test's, in milliseconds. */
  async function askAt(ms: number, given: Partial<Question>): Promise<Answer> {
    const [row] = await store.query<{ answer: Answer }>(
      'select rollcall.permits_1($1::jsonb, to_timestamp($2::float8 / 1000)) as answer',
      [JSON.stringify(question(given)), epoch + ms],
    );
    if (row === undefined) throw new RangeError('no answer');
    return row.answer;
  }

  it('are as many as the window has calls, and the next one is free a window after an answer', async () => {
    const [first, second, third] = wanted(1, 1, 1);
    if (first === undefined || second === undefined || third === undefined) throw new RangeError();
    expect(await askAt(0, { want: [first, second, third] })).toEqual({
      waits: [0, 0],
      again: 900,
      paused: 0,
      journey: null,
      share: 1,
    });
    expect(await askAt(1500, { calls: [{ ...first, ago: 1450 }], want: [third] })).toMatchObject({
      waits: [0],
    });
  });

  it('that were given just before a crash of the server count, though they are lost', async () => {
    const server = await startPostgres({});
    const opened = await openStore({ ROLLCALL_STORE: await server.database() });
    if (opened === null) throw new RangeError('no store');
    try {
      const windows = [{ calls: 5, perMs: 60_000 }];
      const some = question({ lanes: [{ name: 'a/list', windows }], want: wanted(1, 1) });
      expect((await asking(opened)(some)).waits).toHaveLength(2);
      await server.stop('immediate');
      await server.start();
      const { waits, again } = await asking(opened)({ ...some, want: wanted(1, 1) });
      expect(waits).toEqual([]);
      expect(again).toBeGreaterThan(40_000);
    } finally {
      await Promise.all([opened.close(), server.end()]);
    }
  });

  it('are given at most 100 ms ahead of their start', async () => {
    const [first, second] = wanted(1, 1);
    if (first === undefined || second === undefined) throw new RangeError();
    await askAt(0, { want: [first, second] });
    const calls = [
      { ...first, ago: 2 },
      { ...second, ago: 2 },
    ];
    expect(await askAt(2, { calls, want: wanted(1) })).toMatchObject({ waits: [], again: 900 });
    expect(await askAt(901, { want: wanted(1) })).toMatchObject({ waits: [], again: 1 });
    const { waits } = await askAt(902, { want: wanted(1) });
    expect(waits).toEqual([100]);
  });

  it('of a process that died are free once its calls can be under way no more, and block no longer', async () => {
    await askAt(0, { holder: other, want: wanted(1, 1) });
    const { again } = await askAt(10, { want: wanted(1) });
    // Asked again in time for a call that is answered right now, not as if it had been answered at the end of its hold.
    expect(again).toBe(900);
    expect(await askAt(10_899, { want: wanted(1) })).toMatchObject({ waits: [] });
    expect(await askAt(10_900, { want: wanted(1) })).toMatchObject({ waits: [100] });
  });

  it('of a call under way are held for as long as the store hears of it', async () => {
    const [slow] = wanted(1);
    if (slow === undefined) throw new RangeError();
    const lanes = [{ name: 'a/list', windows: [{ calls: 1, perMs: 1000 }] }];
    await askAt(0, { lanes, want: [slow] });
    await askAt(9000, { lanes, calls: [{ ...slow, ago: null }] });
    expect(await askAt(18_000, { lanes, want: wanted(1) })).toMatchObject({ waits: [] });
    await askAt(18_500, { lanes, calls: [{ ...slow, ago: 0 }] });
    expect(await askAt(19_502, { lanes, want: wanted(1) })).toMatchObject({ waits: [0] });
  });

  it('that were not used are free at once', async () => {
    const want = wanted(1, 1);
    await askAt(0, { want });
    expect(await askAt(5, { unsent: want.map((one) => one.seq), want: wanted(1, 1, 1) })).toMatchObject({
      waits: [0, 0],
    });
  });

  it('wait for a pause that one process was told of, and are started early by the shortest journey of all', async () => {
    await askAt(0, { holder: other, pause: 3000, journey: 80 });
    expect(await askAt(0, { journey: 120, want: wanted(1) })).toEqual({
      waits: [],
      again: 2900,
      paused: 3000,
      journey: 80,
      share: 1,
    });
    expect(await askAt(2950, { want: wanted(1) })).toMatchObject({ waits: [0], paused: 50 });
  });

  it('are fewer for all once the platform refused one, and more are tried after a while', async () => {
    const lanes = [
      {
        name: 'a/list',
        windows: [
          { calls: 20, perMs: 1000 },
          { calls: 100, perMs: 60_000 },
        ],
      },
    ];
    const given = async (ms: number, more: Partial<Question> = {}): Promise<number> => {
      const want = wanted(...Array.from({ length: 30 }, () => 1));
      const { waits } = await askAt(ms, { lanes, want, ...more });
      await askAt(ms, { lanes, holder: more.holder ?? holder, unsent: want.map((one) => one.seq) });
      return waits.length;
    };
    expect(await given(0)).toBe(20);
    const refused = { ago: 50, waitMs: 700 };
    expect(await given(100, { holder: other, refused })).toBe(18);
    // It was sent before that was known.
    expect(await given(120, { refused: { ago: 80, waitMs: 700 } })).toBe(18);
    expect(await given(1000, { refused })).toBe(16);
    expect(await askAt(1000, { lanes })).toMatchObject({ share: 0.4 });
    expect(await given(60_900)).toBe(16);
    expect(await given(61_000)).toBe(18);
    expect(await given(121_000)).toBe(20);
  });

  it('are asked for in one statement by the lanes that ask in the same turn', async () => {
    const statements: string[] = [];
    const query: Store['query'] = (sql, values) => {
      statements.push(sql);
      return store.query(sql, values);
    };
    const ask = asking({ ...store, query });
    const lane = (name: string, calls: number): Partial<Question> => ({
      lane: name,
      lanes: [{ name, windows: [{ calls, perMs: 60_000 }] }],
      want: wanted(1, 1, 1),
    });
    const together = [lane('a/list', 3), lane('a/get', 1)].map((one) => ask(question(one)));
    expect((await Promise.all(together)).map(({ waits }) => waits.length)).toEqual([3, 1]);
    expect(statements).toHaveLength(1);
    expect((await ask(question(lane('a/list', 3)))).waits).toEqual([]);
    expect(statements).toHaveLength(2);
  });

  it('are prepared for without a lane, and nothing is written', async () => {
    expect(await makeReady(store)).toEqual([...migrations.keys()]);
    expect(await askAt(0, { lane: '', lanes: [], want: wanted(1) })).toMatchObject({ waits: [0], share: 1 });
    const tables = ['lane', 'permit', 'used', 'asker'];
    const rows = tables.map((table) => store.query(`select * from rollcall.${table}`));
    expect(await Promise.all(rows)).toEqual(tables.map(() => []));
  });

  it('are shared by those who want them', async () => {
    expect(await askAt(0, { want: wanted(1) })).toMatchObject({ share: 1 });
    expect(await askAt(0, { holder: other, want: wanted(1) })).toMatchObject({ share: 0.5 });
    expect(await askAt(2000, { want: wanted(1) })).toMatchObject({ share: 0.5 });
    expect(await askAt(4001, { want: wanted(1) })).toMatchObject({ share: 1 });
  });

  it('of several units are taken in both lanes that a call counts in, or in none', async () => {
    const lanes = [
      { name: 'a/', windows: [{ calls: 4, perMs: 1000 }] },
      { name: 'a/list', windows: [{ calls: 3, perMs: 1000 }] },
    ];
    const get = [
      { name: 'a/', windows: [{ calls: 4, perMs: 1000 }] },
      { name: 'a/get', windows: [{ calls: 3, perMs: 1000 }] },
    ];
    expect(await askAt(0, { lanes, want: wanted(3) })).toMatchObject({ waits: [0] });
    expect(await askAt(0, { lane: 'a/get', lanes: get, want: wanted(3) })).toMatchObject({ waits: [] });
    expect(await askAt(0, { lane: 'a/get', lanes: get, want: wanted(1, 1) })).toMatchObject({ waits: [0] });
  });

  it('of more units than a window has wait for all of it', async () => {
    expect(await askAt(0, { want: wanted(5) })).toMatchObject({ waits: [0] });
    expect(await askAt(1, { want: wanted(1) })).toMatchObject({ waits: [] });
  });

  it('are cleaned up with lanes that nobody used for a day', async () => {
    await askAt(0, { want: wanted(1) });
    await askAt(2 * 86_400_000, { lane: 'b/list', lanes: [{ name: 'b/list', windows: [] }] });
    expect(await store.query('select name from rollcall.lane')).toEqual([{ name: 'b/list' }]);
    expect(await store.query('select * from rollcall.permit')).toEqual([]);
  });

  it('count the calls of an account by the day of the platform', async () => {
    // A minute before June in China.
    await askAt(0, { counted: 7 });
    await askAt(60_000, { counted: 2 });
    await askAt(61_000, { counted: 3 });
    expect(
      await store.query(
        `select day::text, calls::integer from rollcall.used where account = 'a' order by day`,
      ),
    ).toEqual([
      { day: '2026-05-31', calls: 7 },
      { day: '2026-06-01', calls: 5 },
    ]);
  });

  it('tell how many calls there were in this month', async () => {
    expect(await used(store, 'b', 3)).toBe(3);
    expect(await used(store, 'b', 4)).toBe(7);
    expect(await asking(store)(question({ account: 'b', counted: 1 }))).toMatchObject({ waits: [] });
    expect(await used(store, 'b', 0)).toBe(8);
  });

  it('are decided on as in the memory of the tests, whatever is asked', async () => {
    const random = randomOf(7);
    let now = 0;
    const memory = new PermitStore(() => now);
    const windows = [
      [
        { calls: 3, perMs: 500 },
        { calls: 7, perMs: 2000 },
      ],
      [{ calls: 4, perMs: 500 }],
    ] as const;
    const open: { holder: string; lane: string; seq: number; units: number; at: number }[] = [];
    for (let step = 0; step < 300; step += 1) {
      now += random.int(200);
      const lane = random.pick(['a/list', 'a/get']);
      const by = random.pick([holder, other]);
      const own = open.filter((call) => call.lane === lane && call.holder === by);
      const ended = own.filter(() => random.chance(0.4));
      for (const call of ended) open.splice(open.indexOf(call), 1);
      const [calls, unsent] = [
        ended
          .filter((call) => call.seq % 5 > 0)
          .map((call) => ({ ...call, ago: random.int(now - call.at + 1) })),
        ended.filter((call) => call.seq % 5 === 0).map((call) => call.seq),
      ];
      const want = wanted(...Array.from({ length: random.int(4) }, () => random.pick([1, 1, 1, 2])));
      const asked = question({
        holder: by,
        lane,
        lanes: [
          { name: 'a/', windows: windows[1] },
          { name: lane, windows: windows[0] },
        ],
        calls: calls.map(({ seq: id, units, ago }) => ({ seq: id, units, ago })),
        unsent,
        want,
        early: random.pick([0, 30, 200]),
        pause: random.chance(0.03) ? random.int(900) : null,
        journey: random.chance(0.2) ? 20 + random.int(100) : null,
        refused: null,
      });
      const [found, expected] = [await askAt(now, asked), memory.ask(asked)];
      const rounded = ({ waits, again, paused, journey }: Answer): object => ({
        waits: waits.map(Math.round),
        again: again === null ? null : Math.round(again),
        paused: Math.round(paused),
        journey,
      });
      expect(rounded(found), `step ${step}`).toEqual(rounded(expected));
      want.slice(0, found.waits.length).forEach((call, place) => {
        open.push({ ...call, holder: by, lane, at: now + (found.waits[place] ?? 0) });
      });
    }
  });
});
