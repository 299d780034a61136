import type { Store } from './store.ts';

/** A lane that calls count in, with its windows. */
export interface CountedLane {
  readonly name: string;
  readonly windows: readonly { readonly calls: number; readonly perMs: number }[];
}

/** A call, by the number that its holder gave it. */
export interface NumberedCall {
  readonly seq: number;
  readonly units: number;
}

/** One exchange with the store, for the calls of one lane. All times are durations, in milliseconds. */
export interface Question {
  /** The process: a UUID. */
  readonly holder: string;
  /** The lane that it is about. */
  readonly lane: string;
  /** That lane, and the one in which all calls of the account count together, where there is one. */
  readonly lanes: readonly CountedLane[];
  /** Calls that were answered so long ago, or are under way still: null. */
  readonly calls: readonly (NumberedCall & { readonly ago: number | null })[];
  /** Permits whose calls were never sent. */
  readonly unsent: readonly number[];
  /** Permits to take, the first one first. */
  readonly want: readonly NumberedCall[];
  /** How much earlier than its slot is free a call will be started. */
  readonly early: number;
  /** The lane itself is paused for so long, as the platform told this process. */
  readonly pause: number | null;
  /** A call that was sent so long ago was refused for its rate, with this wait asked for. */
  readonly refused: { readonly ago: number; readonly waitMs: number } | null;
  /** The shortest journey that this process saw. */
  readonly journey: number | null;
  /** Whose calls are counted by the day, and how many more there were. */
  readonly account: string;
  readonly counted: number;
}

export interface Answer {
  /** How long until the slots of the first of those wanted are free: they are taken. The others are not. */
  readonly waits: readonly number[];
  /** When it is of use to ask for the others; null where all were given. */
  readonly again: number | null;
  /** How long the lane is paused; 0: it is not. */
  readonly paused: number;
  /** The shortest journey that any process saw. */
  readonly journey: number | null;
  /** The part of the lane's windows that this process can count on: others want permits, or the platform allows less. */
  readonly share: number;
}

interface Asking {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks for the lanes of one account: an exchange for each question. Those that come in the same turn of the loop are sent in
 * one statement. Rejects with {@link StoreError}.
 */
export function asking(store: Store): (question: Question) => Promise<Answer> {
  let together: Asking[] = [];
  const send = (): void => {
    // Locks are taken in the order of the lanes' names, by everybody.
    const asked = together.sort((a, b) => (a.question.lane < b.question.lane ? -1 : 1));
    together = [];
    answers(store, asked).catch((error: unknown) => {
      for (const { reject } of asked) reject(error);
    });
  };
  return (question) =>
    new Promise((resolve, reject) => {
      together.push({ question, resolve, reject });
      if (together.length === 1) queueMicrotask(send);
    });
}

async function answers(store: Store, asked: readonly Asking[]): Promise<void> {
  // What the function answers, in the order of the questions.
  const rows = await store.query<{ readonly answer: Answer }>(
    'select rollcall.permits_1(q) as answer from jsonb_array_elements($1::jsonb) q',
    [JSON.stringify(asked.map(({ question }) => question))],
  );
  asked.forEach(({ resolve }, place) => {
    const row = rows[place];
    if (row === undefined) throw new RangeError('each question has an answer');
    resolve(row.answer);
  });
}

/** What nothing comes of. */
const nothing: Question = {
  holder: '00000000-0000-0000-0000-000000000000',
  lane: '',
  // A call that counts nowhere: most of the function is gone through, and nothing is written.
  lanes: [],
  calls: [],
  unsent: [],
  want: [{ seq: 1, units: 1 }],
  early: 0,
  pause: null,
  refused: null,
  journey: null,
  account: '',
  counted: 0,
};

/**
 * Has the server prepare the function for a connection, which takes longer than many exchanges; so that is over by the time
 * that the first call waits for its permit. In the same statement it answers which migrations the store has.
 *
 * @throws StoreError also where there is no such function
 */
export async function makeReady(store: Store): Promise<readonly number[]> {
  const [row] = await store.query<{ readonly done: readonly number[] }>(
    'select array(select n from rollcall.version) as done, rollcall.permits_1($1::jsonb)',
    [JSON.stringify(nothing)],
  );
  return row?.done ?? [];
}

/** Counts calls of an account, and answers how many it made this month. @throws StoreError */
export async function used(store: Store, account: string, more: number): Promise<number> {
  const [row] = await store.query<{ readonly calls: string }>('select rollcall.used_1($1, $2) as calls', [
    account,
    more,
  ]);
  return Number(row?.calls ?? 0);
}
