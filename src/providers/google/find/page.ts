import { isObject, type JsonObject, textOf } from '../../../http/json.ts';
import type { Query } from '../../../http/url.ts';
import type { TokenUse } from '../../dialect.ts';
import type { Asker } from '../../find.ts';
import type { Listing } from '../../pages.ts';
import { malformed } from '../../problem.ts';

/** A listing of the APIs: pages under `nextPageToken`. */
interface Paged<Row> {
  readonly api: string;
  readonly path: string;
  readonly query?: Query;
  readonly as: TokenUse;
  /** The key of a page that holds its rows. */
  readonly rows: string;
  readonly read: (row: JsonObject) => Row;
  readonly keyOf: (row: Row) => string;
}

export function listing<Row>({ client, signal }: Asker, paged: Paged<Row>): Listing<Row> {
  const { api, path, query, as, rows: key, read, keyOf } = paged;
  return {
    fetchPage: async (token) => {
      const { body, size } = await client.ask({
        api,
        method: 'GET',
        path,
        query: { ...query, pageToken: token ?? undefined },
        as,
        operation: 'read',
        signal,
      });
      if (!isObject(body)) throw malformed('a page is not an object');
      const { [key]: list = [], nextPageToken: next } = body;
      if (!Array.isArray(list)) throw malformed(`a page has no list of ${key}`);
      if (next !== undefined && textOf(next) === undefined) {
        throw malformed('the token of the next page is not text');
      }
      const rows = list.map((row: unknown) => {
        if (!isObject(row)) throw malformed(`one of the ${key} is not an object`);
        return read(row);
      });
      return { rows, next: textOf(next) ?? null, size };
    },
    keyOf,
  };
}
