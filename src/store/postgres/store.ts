/**
 * Why the shared store cannot be used.
 *
 * - `store-setting`: `ROLLCALL_STORE` is not an address that can be used.
 * - `store-unreachable`: it cannot be reached, went away, or took too long: the same may succeed later.
 * - `store-refused`: it is there and says no: user, password, certificate, rights, or a statement that it does not take.
 * - `store-missing`: its tables are not there, and this role may not make them.
 * - `store-newer`: a later version of rollcall has changed it.
 */
export type StoreProblem =
  'store-setting' | 'store-unreachable' | 'store-refused' | 'store-missing' | 'store-newer';

/** Whether runs share a store. */
export function namesStore(env: Readonly<Record<string, string | undefined>>): boolean {
  return (env['ROLLCALL_STORE'] ?? '').trim() !== '';
}

/** What went wrong with the shared store: host and database are named, a password never. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreProblem;
  readonly hint: string;
  /** PostgreSQL's own code, where the server answered with one. */
  readonly sqlState: string | null;

  constructor(code: StoreProblem, message: string, hint: string, sqlState: string | null = null) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.sqlState = sqlState;
  }
}

/**
 * Sends one statement and answers its rows, as `pg` reads them: `bigint` and `numeric` are texts, `timestamptz` is a
 * `Date`, `jsonb` is parsed. Values that are arrays become arrays of PostgreSQL: for `jsonb` pass a JSON text. Without
 * values there may be several statements; then there are no rows. `Row` is what the caller knows of its own statement.
 *
 * @throws StoreError
 */
export type Query = <Row extends object = object>(
  sql: string,
  values?: readonly unknown[],
) => Promise<readonly Row[]>;

/** The shared store at work. Nothing is prepared or kept in a connection, so a pooler may stand in between. */
export interface Store {
  /** Host and database, for messages. */
  readonly where: string;
  /** One statement, a transaction of its own. It is given up after 20 s, and may be done then all the same. */
  readonly query: Query;
  /**
   * Runs `work` in one transaction, in which no statement takes longer than `timeoutMs` (15,000). What it throws rolls
   * back.
   */
  readonly transaction: <T>(work: (query: Query) => Promise<T>, timeoutMs?: number) => Promise<T>;
  /** Ends the connections once what is under way has ended. */
  readonly close: () => Promise<void>;
}
