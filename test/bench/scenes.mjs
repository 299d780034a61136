/** Tenants and manifests of the measurements. */

const apps = 'apps: [{ id: cli_bench, secret: bench-secret }]\n';

/** A Feishu calendar `cal` with events `e0_0`, `e1_0` … of `attendees` users `ou_1`, `ou_2` … each. */
export function tenantOf(events, attendees) {
  const lines = Array.from(
    { length: events },
    (_, index) => `        - { id: e${index}_0, attendees: [{ generate: ${attendees}, user: "ou_{}" }] }`,
  );
  return `${apps}feishu:\n  calendars:\n    - id: cal\n      type: shared\n      role: owner\n      events:\n${lines.join('\n')}\n`;
}

export function manifest(name, rest) {
  return `apiVersion: rollcall.dev/v1\nkind: Event\nmetadata: { name: ${name} }\nspec:\n${rest}`;
}

function feishu(index, attendees) {
  return manifest(`e${index}`, `  provider: feishu\n  calendarId: cal\n  eventId: e${index}_0\n${attendees}`);
}

function roster(attendees) {
  const members = Array.from({ length: attendees }, (_, index) => `    - user: ou_${index + 1}\n`).join('');
  return `apiVersion: rollcall.dev/v1\nkind: Roster\nmetadata: { name: everybody }\nspec:\n  members:\n${members}`;
}

/** Manifests in sync with {@link tenantOf}: every event wants one shared roster. */
export function manifestsOf(events, attendees) {
  const wanted = Array.from({ length: events }, (_, index) =>
    feishu(index, '  attendees:\n    - roster: everybody\n'),
  );
  return { 'events.yaml': wanted.join('---\n'), 'roster.yaml': roster(attendees) };
}

/** One file an event, each with a list of its own. */
export function manifestFiles(events, attendees) {
  const list = Array.from({ length: attendees }, (_, index) => `    - user: ou_member_${index + 1}\n`).join(
    '',
  );
  return Object.fromEntries(
    Array.from({ length: events }, (_, index) => [`e${index}.yaml`, feishu(index, `  attendees:\n${list}`)]),
  );
}

const numbered = (from, to, kind, prefix) =>
  Array.from({ length: to - from + 1 }, (_, index) => `    - ${kind}: ${prefix}${from + index}\n`).join('');

/** Events with changes on both platforms. */
export const mixed = {
  tenant: `${apps}feishu:
  calendars:
    - id: cal
      type: shared
      role: owner
      events:
        - { id: same_0, attendees: [{ generate: 250, user: "ou_{}" }] }
        - { id: less_0, attendees: [{ generate: 1300, user: "ou_{}" }] }
        - { id: more_0, attendees: [{ generate: 100, user: "ou_{}" }] }
dingtalk:
  users:
    - unionId: boss
      events:
        - { id: standup, attendees: [{ user: boss, organizer: true }, { generate: 1200, user: "union{}" }] }
`,
  manifests: {
    'same.yaml': manifest(
      'same',
      `  provider: feishu\n  calendarId: cal\n  eventId: same_0\n  attendees:\n${numbered(1, 250, 'user', 'ou_')}`,
    ),
    'less.yaml': manifest(
      'less',
      `  provider: feishu\n  calendarId: cal\n  eventId: less_0\n  guards: { maxRemovals: 700 }\n  attendees:\n${numbered(1, 650, 'user', 'ou_')}`,
    ),
    'more.yaml': manifest(
      'more',
      `  provider: feishu\n  calendarId: cal\n  eventId: more_0\n  attendees:\n${numbered(1, 1250, 'user', 'ou_')}`,
    ),
    'standup.yaml': manifest(
      'standup',
      `  provider: dingtalk\n  organizer: boss\n  eventId: standup\n  guards: { maxRemovals: 600 }\n  attendees:\n    - user: boss\n${numbered(1, 620, 'user', 'union')}`,
    ),
  },
  /**
   * A token each; who of all that are wanted has left, 50 a call, and DingTalk's three lists of that; pages before; a look at
   * each changed event; batches; pages after.
   */
  fewest: 2 + (25 + 3) + (3 + 13 + 1 + 3) + 3 + (2 + 2 + 2) + (13 + 13 + 2),
};
