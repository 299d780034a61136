import { describe } from 'vitest';

import { everyPlatform } from './suite/every.ts';
import { openStage, type Script } from './suite/stage.ts';
import { listIn, objectIn } from './suite/page.ts';
import { googleFixture, googleRefusal } from './google.ts';
import type { Trouble } from './suite/ground.ts';

/** Whom a body has on the list that it writes. */
export function listed(body: unknown): readonly unknown[] {
  return listIn(objectIn(body), 'attendees').map((row) => objectIn(row)['email']);
}

function scriptOf({ unreadable, refused, loses }: Trouble): Script {
  return ({ operation, eventId, nth, body }) => {
    if (operation === 'list' && eventId === unreadable) return googleRefusal('backendError', 503);
    if (operation !== 'add') return undefined;
    if (refused !== undefined && listed(body).includes(googleFixture.user(refused))) {
      return googleRefusal('invalid', 400);
    }
    return loses === true && nth === 1 ? { kind: 'reset', when: 'after' } : undefined;
  };
}

describe(googleFixture.title, () => {
  everyPlatform(googleFixture, (world, trouble = {}) =>
    openStage(googleFixture, world, { script: scriptOf(trouble) }),
  );
});
