import { describe } from 'vitest';

import { changes } from './changes.ts';
import { errors } from './errors.ts';
import { everyPlatform } from './every.ts';
import { finds } from './finds.ts';
import type { Fixture } from './fixture.ts';
import { grants } from './grants.ts';
import type { Trouble } from './ground.ts';
import { identity } from './identity.ts';
import { organisation } from './organisation.ts';
import { paging } from './paging.ts';
import { partial, refusing } from './partial.ts';
import { people } from './people.ts';
import { retries } from './retries.ts';
import { series } from './series.ts';
import { sources } from './sources.ts';
import { switches } from './switches.ts';
import { tokens } from './tokens.ts';
import { openStage, type Script } from './stage.ts';
import { deviations } from './topics.ts';
import { wholeEvents } from './whole-events.ts';

/** The behaviours that every provider has, each against its own routes of the server. */
export function contract(fixture: Fixture): void {
  describe(fixture.title, () => {
    deviations(fixture);
    every(fixture);
    changes(fixture);
    wholeEvents(fixture);
    organisation(fixture);
    finds(fixture);
    describe('permissions', () => grants(fixture));
    describe('pages', () => paging(fixture));
    describe('partial refusals', () => partial(fixture));
    describe('tokens', () => tokens(fixture));
    describe('repeats', () => retries(fixture));
    describe('errors', () => errors(fixture));
    describe('identity', () => identity(fixture));
    describe('people by address and number', () => people(fixture));
    describe('sources of rosters', () => sources(fixture));
    describe('changed occurrences', () => series(fixture));
    describe('switches', () => switches(fixture));
  });
}

/** The same of a platform that is another one but for its host and its account: what every platform does, and the account. */
export function contractOfAccount(fixture: Fixture): void {
  describe(fixture.title, () => {
    every(fixture);
    describe('tokens', () => tokens(fixture));
    describe('identity', () => identity(fixture));
  });
}

function every(fixture: Fixture): void {
  everyPlatform(fixture, (world, trouble = {}) =>
    openStage(fixture, world, { script: scriptOf(fixture, trouble) }),
  );
}

/** What goes wrong, as answers of the server. */
function scriptOf(fixture: Fixture, { unreadable, refused, loses }: Trouble): Script {
  const [code] = fixture.entryCodes;
  const refuses =
    refused === undefined || code === undefined ? () => undefined : refusing(fixture, 'add', [refused], code);
  return (call) => {
    if (call.operation === 'list' && call.eventId === unreadable) return fixture.serverError;
    if (call.operation === 'add' && loses === true && call.nth === 1) return { kind: 'reset', when: 'after' };
    return refuses(call);
  };
}
