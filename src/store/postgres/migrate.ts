import { migrations } from './migrations/index.ts';
import { makeReady } from './question.ts';
import { type Store, StoreError } from './store.ts';

/** Making an index of a long history may take minutes. */
const migrationMs = 600_000;

/** PostgreSQL's codes for a table or schema that is not there. */
const absent: ReadonlySet<string | null> = new Set(['42P01', '3F000']);
const noRights = '42501';

const printHint = 'Have the owner of the database run what this prints: rollcall store init --print';

/** The numbers of the migrations that this version knows, and the store has. */
export async function versionsOf(store: Store): Promise<readonly number[]> {
  try {
    const rows = await store.query<{ n: number }>('select n from rollcall.version order by n');
    return rows.map(({ n }) => n);
  } catch (error) {
    if (error instanceof StoreError && absent.has(error.sqlState)) return [];
    throw error;
  }
}

/**
 * Whether the store is of this version, in the statement that has a connection made ready. False also where something is
 * missing, or may not be used: {@link migrate} tells what.
 *
 * @throws StoreError where the store cannot be reached, or lets nobody in
 */
export async function isCurrent(store: Store): Promise<boolean> {
  try {
    const done = await makeReady(store);
    return done.length === migrations.size && done.every((n) => migrations.has(n));
  } catch (error) {
    if (error instanceof StoreError && /^(3F|42)/.test(error.sqlState ?? '')) return false;
    throw error;
  }
}

/**
 * Brings the store to this version, where it is not there yet. Safe to be done by several at once.
 *
 * @throws StoreError where a later version has been there, or the role may not.
 */
export async function migrate(store: Store): Promise<void> {
  const done = await versionsOf(store);
  const newest = Math.max(...migrations.keys());
  const found = Math.max(0, ...done);
  if (found > newest) {
    throw new StoreError(
      'store-newer',
      `the store (${store.where}) has version ${found}, but this rollcall only knows ${newest}`,
      'A newer rollcall has upgraded it: upgrade this one.',
    );
  }
  if ([...migrations.keys()].every((n) => done.includes(n))) return;
  try {
    await store.transaction((query) => query(migrationSql()), migrationMs);
  } catch (error) {
    if (!(error instanceof StoreError) || error.sqlState !== noRights) throw error;
    throw new StoreError(
      'store-missing',
      `the store (${store.where}) has ${found === 0 ? 'no tables yet' : 'tables of an earlier version'}, and this user may not make them: ${error.message}`,
      printHint,
      error.sqlState,
    );
  }
}

/** The statements that make the store or bring it to this version; done twice they change nothing. */
export function migrationSql(): string {
  const head = `select pg_advisory_xact_lock(hashtextextended('rollcall.version', 0));
do $do$ begin
if to_regnamespace('rollcall') is null then create schema rollcall; end if;
end $do$;
create table if not exists rollcall.version(n integer primary key, at timestamptz not null default now());
`;
  return head + [...migrations].map(([n, sql]) => once(n, sql)).join('');
}

function once(n: number, sql: string): string {
  return `do $do$ begin
if not exists (select from rollcall.version where n = ${n}) then
execute $sql$
${sql}
$sql$;
insert into rollcall.version(n) values (${n});
end if;
end $do$;
`;
}

/** The same for the owner of a database, with what the role needs that rollcall runs under. */
export function sqlForOwner(role: string): string {
  const to = `"${role.replaceAll('"', '""')}"`;
  return `-- The shared store of rollcall, version ${Math.max(...migrations.keys())}, for the owner of the database: psql -v ON_ERROR_STOP=1 -f FILE DATABASE
-- The role has to be there: create role ${to} login password '...';
begin;
${migrationSql()}grant usage on schema rollcall to ${to};
grant select, insert, update, delete on all tables in schema rollcall to ${to};
grant usage on all sequences in schema rollcall to ${to};
grant execute on all functions in schema rollcall to ${to};
commit;
`;
}
