import type { Finds } from '../../find.ts';
import { findCalendars } from './calendars.ts';
import { findDepartments } from './departments.ts';
import { findEvents } from './events.ts';
import { findPeople } from './people.ts';

/** What DingTalk finds: calendar v1.0, and people and departments by the older half of its API. */
export const finds: Finds = {
  calendars: findCalendars,
  events: findEvents,
  people: findPeople,
  departments: findDepartments,
};
