import type { Finds } from '../../find.ts';
import { findCalendars } from './calendars.ts';
import { findEvents } from './events.ts';
import { findChats, findDepartments } from './groups.ts';
import { findPeople } from './people.ts';

/** What Feishu and Lark find: calendar v4, contact v3, directory v1, im v1. */
export const finds: Finds = {
  calendars: findCalendars,
  events: findEvents,
  people: findPeople,
  chats: findChats,
  departments: findDepartments,
};
