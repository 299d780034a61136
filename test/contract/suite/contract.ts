import { describe } from 'vitest';

import { changes } from './changes.ts';
import { errors } from './errors.ts';
import type { Fixture } from './fixture.ts';
import { identity } from './identity.ts';
import { paging } from './paging.ts';
import { partial } from './partial.ts';
import { retries } from './retries.ts';
import { switches } from './switches.ts';
import { tokens } from './tokens.ts';
import { deviations } from './topics.ts';
import { wholeEvents } from './whole-events.ts';

/** The behaviours that every provider has, each against its own routes of the server. */
export function contract(fixture: Fixture): void {
  describe(fixture.title, () => {
    deviations(fixture);
    changes(fixture);
    wholeEvents(fixture);
    describe('pages', () => paging(fixture));
    describe('partial refusals', () => partial(fixture));
    describe('tokens', () => tokens(fixture));
    describe('repeats', () => retries(fixture));
    describe('errors', () => errors(fixture));
    describe('identity', () => identity(fixture));
    describe('switches', () => switches(fixture));
  });
}
