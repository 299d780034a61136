import type { AddedAttendee, Edit, RemovedRow } from '../../src/model/edit.ts';

/** Edits of one kind each, as a platform of style `delta` takes them. */

export function removal(remove: readonly RemovedRow[]): Edit {
  return { kind: 'attendees', remove, add: [], set: [] };
}

export function addition(add: readonly AddedAttendee[]): Edit {
  return { kind: 'attendees', remove: [], add, set: [] };
}

export function unbinding(chatId: string): Edit {
  return { kind: 'unbind-chat', chatId };
}

export const deletion: Edit = { kind: 'delete-event' };
