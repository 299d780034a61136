import { readFileSync, renameSync, writeFileSync } from 'node:fs';

import { Ajv, type ValidateFunction } from 'ajv';

import { materialise } from './feishu/occurrence.ts';
import type {
  DingtalkContent,
  FeishuCalendar,
  FeishuContent,
  FeishuEvent,
  Finished,
  World,
} from './world.ts';

/** A state file that cannot be read or is none. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError';
}

interface Saved {
  readonly formatVersion: '1';
  readonly feishu: Readonly<Record<string, Readonly<Record<string, FeishuContent>>>>;
  readonly dingtalk: Readonly<Record<string, Readonly<Record<string, DingtalkContent>>>>;
  readonly finished: Readonly<Record<string, Finished>>;
}

const text = { type: 'string' };
const flag = { type: 'boolean' };
const ids = {
  type: 'object',
  properties: { open_id: text, union_id: text, user_id: text },
  required: ['open_id', 'union_id', 'user_id'],
};
const contentOf = (row: object, required: readonly string[]): object => ({
  type: 'object',
  required: ['rows', 'cancelled'],
  properties: {
    cancelled: flag,
    chat: { type: ['object', 'null'], properties: { id: text, owner: flag }, required: ['id', 'owner'] },
    rows: { type: 'array', items: { type: 'object', properties: row, required } },
  },
});
const feishuRow = {
  attendeeId: text,
  type: { enum: ['user', 'chat', 'resource', 'third_party'] },
  ids: { anyOf: [ids, { type: 'null' }] },
  id: text,
  name: text,
  optional: flag,
  organizer: flag,
  external: flag,
  rsvp: { enum: ['needs_action', 'accept', 'tentative', 'decline', 'removed'] },
  operator: { anyOf: [ids, { type: 'null' }] },
  booking: { type: ['object', 'null'] },
};
const dingtalkRow = {
  id: text,
  name: { type: ['string', 'null'] },
  optional: flag,
  reply: { enum: ['needsAction', 'accepted', 'declined', 'tentative'] },
};
const byName = (value: object): object => ({ type: 'object', additionalProperties: value });
const schema = {
  type: 'object',
  required: ['formatVersion', 'feishu', 'dingtalk', 'finished'],
  properties: {
    formatVersion: { const: '1' },
    feishu: byName(byName(contentOf(feishuRow, Object.keys(feishuRow)))),
    dingtalk: byName(byName(contentOf(dingtalkRow, Object.keys(dingtalkRow)))),
    finished: byName({
      type: 'object',
      properties: { request: text, at: { type: 'number' } },
      required: ['request', 'at'],
    }),
  },
};

/** Writes the whole state in one step: a reader finds the old file or the new one. No token is in it. */
export function saveState(world: World, file: string): void {
  const saved: Saved = {
    formatVersion: '1',
    feishu: mapOf(world.calendars, (calendar) => mapOf(calendar.events, (event) => event.content.live)),
    dingtalk: mapOf(world.dingtalkUsers, (events) => mapOf(events, (event) => event.content.live)),
    finished: Object.fromEntries(world.finished),
  };
  const next = `${file}.${String(process.pid)}.tmp`;
  writeFileSync(next, `${JSON.stringify(saved)}\n`, { mode: 0o600 });
  renameSync(next, file);
}

/**
 * Puts a saved state in the place of what the tenant file starts with. Events that the tenant file no longer has are
 * left out; a file that is not there yet changes nothing.
 *
 * @throws {StateFileError} for a file that is no state of this version.
 */
export function loadState(world: World, file: string): void {
  const saved = readSaved(file);
  if (saved === undefined) return;
  for (const [calendarId, events] of Object.entries(saved.feishu)) {
    const calendar = world.calendars.get(calendarId);
    if (calendar === undefined) continue;
    for (const [id, content] of Object.entries(events)) restore(calendar, id, content);
  }
  for (const [unionId, events] of Object.entries(saved.dingtalk)) {
    for (const [id, content] of Object.entries(events)) {
      world.dingtalkUsers.get(unionId)?.get(id)?.content.set(content, 0, 0);
    }
  }
  for (const [token, finished] of Object.entries(saved.finished)) world.finished.set(token, finished);
}

function restore(calendar: FeishuCalendar, id: string, content: FeishuContent): void {
  const event: FeishuEvent | undefined = calendar.events.get(id) ?? materialise(calendar, id);
  event?.content.set(content, 0, 0);
}

function readSaved(file: string): Saved | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    // Node's file errors carry a code; nothing else of them is used.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StateFileError(
      `${file} cannot be read as a state file; delete it to start from the tenant file`,
      {
        cause: error,
      },
    );
  }
  const validate: ValidateFunction<Saved> = new Ajv({ allowUnionTypes: true }).compile<Saved>(schema);
  if (validate(value)) return value;
  throw new StateFileError(
    `${file} is no state file of this version; delete it to start from the tenant file`,
  );
}

function mapOf<Value, Result>(
  map: ReadonlyMap<string, Value>,
  of: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries([...map].map(([key, value]) => [key, of(value)]));
}
