import { describe, expect, it, test } from 'vitest';
import { errorsInEvent, writeManifest as write } from '../../src/manifest/write/write-manifest.ts';
import type { LiveEvent, LiveEntry } from '../../src/manifest/write/found-event.ts';
import { dingtalkRef, present, ref } from '../support/manifest-builders.ts';
import { directory, onlyEvent, peopleIn, wanted } from './support.ts';

/** A live user unless `more` says otherwise. */
function live(id: string, more: Partial<LiveEntry> = {}): LiveEntry {
  return { type: 'user', id, name: undefined, optional: false, organizer: false, external: false, ...more };
}

function found(attendees: readonly LiveEntry[], more: Partial<LiveEvent> = {}): LiveEvent {
  return { name: 'weekly', ref: ref(), facts: present(), attendees, people: new Map(), ...more };
}

/** The lines under `attendees:`. */
function entries(event: LiveEvent): string[] {
  const { text } = writeManifest(event);
  return text
    .slice(text.indexOf('attendees:') + 'attendees:'.length)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

const writeManifest = (event: LiveEvent): { readonly text: string; readonly notes: readonly string[] } => {
  const { text, notes } = write(event);
  return { text, notes: notes.map((note) => note.text) };
};

describe('an event', () => {
  it('becomes a manifest with its title, its organizer left out and names as comments', () => {
    const { text, notes } = writeManifest(
      found([
        live('ou_b', { name: '李四', optional: true }),
        live('ou_org', { name: 'Olga', organizer: true }),
        live('ou_a', { name: 'Zhang San' }),
        live('guest@example.com', { type: 'email', external: true }),
        live('oc_team', { type: 'chat', name: 'Team', external: true }),
      ]),
    );
    expect(text).toBe(`# Feishu event "Weekly", starts 2026-11-24T02:00:00.000Z: 5 live.
# The organizer is left out, since organizers are never removed: Olga (ou_org).
apiVersion: rollcall.dev/v1
kind: Event
metadata:
  name: weekly
spec:
  provider: feishu
  calendarId: feishu.cn_demo@group.calendar.feishu.cn
  eventId: weekly_0
  userIdType: open_id
  attendees:
    - chat: oc_team # Team (from another tenant)
    - email: guest@example.com
    - user: ou_a # Zhang San
    - { user: ou_b, optional: true } # 李四
`);
    expect(notes).toEqual(['The organizer is left out, since organizers are never removed: Olga (ou_org).']);
  });

  it('on DingTalk names its organizer, and neither the calendar nor a kind of id', () => {
    const event = found([live('unionOrg'), live('unionA')], { ref: dingtalkRef, facts: null });
    const { text, notes } = writeManifest(event);
    expect(text).toContain('  organizer: unionOrg\n');
    expect(text).not.toMatch(/calendarId|userIdType/);
    expect(entries(event)).toEqual(['- user: unionA']);
    expect(notes).toEqual(['The organizer is left out, since organizers are never removed: unionOrg.']);
  });

  it('says that the organizer is left out also where the list does not show one', () => {
    const note = 'The organizer is left out, since organizers are never removed: ou_org.';
    expect(writeManifest(found([], { facts: present({ organizer: 'ou_org' }) })).notes).toEqual([note]);
    expect(writeManifest(found([], { facts: present() })).notes).toEqual([]);
  });

  it('with nobody but its organizer wants nobody', () => {
    expect(entries(found([live('ou_org', { organizer: true })]))).toEqual(['[]']);
  });

  it('leaves out the organizer whom only the look names', () => {
    const facts = present({ organizer: 'ou_a' });
    expect(entries(found([live('ou_a'), live('ou_b')], { facts }))).toEqual(['- user: ou_b']);
  });

  it.each([
    ['a room, whose contact the list does not tell', found([live('omm_1', { type: 'room' })]), /roomContact/],
    ['a series', found([], { facts: present({ recurring: true }) }), /needs an Event of its own/],
  ])('says what no manifest holds: %s', (_, event, note) => {
    const { text, notes } = writeManifest(event);
    expect(notes).toEqual([expect.stringMatching(note)]);
    expect(text).toContain(`# ${notes[0]}\n`);
  });

  it('says that the platform names another organizer than was given', () => {
    const event = found([], { ref: dingtalkRef, facts: present({ organizer: 'unionBoss' }) });
    const leftOut = /^The organizer is left out/;
    expect(writeManifest(event).notes).toEqual([
      expect.stringMatching(/unionBoss as the organizer, not .*unionOrg/),
      expect.stringMatching(leftOut),
    ]);
    const same = found([], { ref: dingtalkRef, facts: present({ organizer: 'unionOrg' }) });
    expect(writeManifest(same).notes).toEqual([expect.stringMatching(leftOut)]);
  });

  it('never calls a room optional', () => {
    expect(entries(found([live('omm_1', { type: 'room', optional: true })]))).toEqual(['- room: omm_1']);
  });

  it('leaves external users to `external: keep` where the platform gives no id of the kind', () => {
    const event = found([live('ou_x', { external: true, name: 'Pat' }), live('u1')], {
      ref: ref({ userIdType: 'user_id' }),
    });
    expect(entries(event)).toEqual(['- user: u1']);
    expect(writeManifest(event).notes).toEqual([expect.stringContaining('Pat (ou_x)')]);
    expect(entries({ ...event, ref: ref() })).toContain('- user: ou_x # Pat (from another tenant)');
  });
});

describe('people', () => {
  const people = peopleIn(
    directory(
      `zhang.san: { name: 张三, feishu: { open_id: ou_a, union_id: on_a }, lark: ou_l, dingtalk: unionA }
b.two: { feishu: ou_b }
a.one: { feishu: ou_b }
`,
    ),
  );

  test.each([
    [ref(), 'ou_a', '- person: zhang.san # 张三'],
    [ref({ userIdType: 'union_id' }), 'on_a', '- person: zhang.san # 张三'],
    [ref({ userIdType: 'user_id' }), 'ou_a', '- user: ou_a'],
    [ref({ provider: 'lark' }), 'ou_l', '- person: zhang.san # 张三'],
    [ref({ provider: 'lark' }), 'ou_a', '- user: ou_a'],
    [dingtalkRef, 'unionA', '- person: zhang.san # 张三'],
    [ref(), 'ou_b', '- person: a.one'],
  ])('go by their handles where the id is theirs: %j %s', (at, id, line) => {
    expect(entries(found([live(id)], { ref: at, people }))).toEqual([line]);
  });

  it('are counted where no Directory has them', () => {
    const { notes } = writeManifest(found([live('ou_a'), live('ou_x'), live('ou_y')], { people }));
    expect(notes).toEqual(['Not in the Directories, listed by id: 2 users.']);
  });

  it('do not lend a handle to a chat with the same id', () => {
    expect(entries(found([live('ou_a', { type: 'chat' })], { people }))).toEqual(['- chat: ou_a']);
  });
});

describe('odd texts', () => {
  test.each([
    '0123',
    '1e3',
    'yes',
    'null',
    '~',
    '#1',
    '-',
    '-a',
    'a:',
    'a:b',
    '*a',
    '&a',
    '!a',
    '{a}',
    '<<',
    '12:30',
  ])('the id %j is read back as it is', (id) => {
    const event = onlyEvent({ 'a.yaml': writeManifest(found([live(id), live(`${id}é`)])).text });
    expect(event.attendees?.map((attendee) => attendee.id).sort()).toEqual([id, `${id}é`].sort());
  });

  test.each([
    'x\n- user: ou_evil',
    'x\r\n    - user: ou_evil',
    'x # y',
    '\u2028- user: ou_evil',
    '\u0085- user: ou_evil',
    '\u001b[31mred',
    '\u202egpj',
    '*/ --> ]]> %YAML 1.1',
    '\n---\nkind: Event',
  ])('the name %j stays within its comment', (name) => {
    const attendees = [
      live('ou_a', { name }),
      live('ou_b', { name, optional: true }),
      live('ou_org', { name, organizer: true }),
    ];
    const { text } = writeManifest(found(attendees, { facts: present({ summary: name, start: name }) }));
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(wanted(onlyEvent({ 'a.yaml': text }))).toEqual([
      expect.stringMatching(/^user:ou_a /),
      expect.stringMatching(/^user:ou_b\? /),
    ]);
  });

  it('a name that is the id, or empty, is no comment', () => {
    expect(entries(found([live('ou_a', { name: 'ou_a' }), live('ou_b', { name: ' ' })]))).toEqual([
      '- user: ou_a',
      '- user: ou_b',
    ]);
  });

  test.each([
    ['an id with a space', live('omm 1', { type: 'room' }), 'bad-id'],
    ['an address that is none', live('x', { type: 'email' }), 'bad-email'],
    ['an id of another kind', live('on_a'), 'foreign-id-type'],
  ])('%s is found before anybody plans with it', (_, entry, code) => {
    const { text } = writeManifest(found([entry]));
    expect(errorsInEvent(text, new Map()).map((error) => error.code)).toEqual([code]);
  });
});
