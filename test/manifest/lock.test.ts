import { describe, expect, it } from 'vitest';
import { collectDiagnostics } from '../../src/manifest/diagnostics.ts';
import { type Loaded, loadTexts } from '../../src/manifest/load.ts';
import { lockIn } from '../../src/manifest/lock/read-lock.ts';
import { dingtalk, directory, feishu, roster, today, unwanted, wanted } from './support.ts';

const at = '2026-11-20T08:00:00Z';

/** A lock of these lines; what a line does not say is ordinary. */
function lockText(...lines: readonly Readonly<Record<string, string>>[]): string {
  const entries = lines.map((line) => ({
    person: 'li.si',
    provider: 'feishu',
    id: 'ou_lisi',
    idType: 'open_id',
    by: 'email',
    value: 'lisi@corp.com',
    resolvedAt: at,
    ...line,
  }));
  return `${['formatVersion: "1"', 'entries:', ...entries.map((entry) => `  - ${JSON.stringify(entry)}`)].join('\n')}\n`;
}

function load(
  files: Readonly<Record<string, string>>,
  lock?: string,
  more: { readonly unlocked?: 'warning'; readonly asOf?: string } = {},
): Loaded {
  const collected = collectDiagnostics();
  const { asOf = today, ...unlocked } = more;
  const texts = Object.entries(files).map(([file, text]) => ({ file, text, named: false }));
  return loadTexts(texts, asOf, {
    ...collected,
    ...unlocked,
    ...(lock === undefined ? {} : { lock: lockIn(lock, collected.report) }),
  });
}

function told({ diagnostics }: Loaded): string[] {
  return diagnostics.map(
    ({ code, severity, source, message }) =>
      `${source?.file}:${source?.line}:${source?.column}: ${severity} ${message} [${code}]`,
  );
}

function attendees({ desired }: Loaded): (string[] | null)[] {
  return desired.events.map(wanted);
}

const lisi = directory('li.si: { name: 李四, email: LiSi@Corp.com }\n');
const event = feishu('attendees:\n  - person: li.si\n');

describe('somebody by address', () => {
  it('has the id that the lock found for the address of the Directory', () => {
    const loaded = load({ 'a.yaml': event, 'people.yaml': lisi }, lockText({}));
    expect(told(loaded)).toEqual([]);
    expect(attendees(loaded)).toEqual([['user:ou_lisi a.yaml:9:7']]);
    expect(loaded.desired.events[0]?.attendees?.[0]?.name).toBe('李四');
    expect(loaded.desired.events[0]?.locked).toMatchObject([{ person: 'li.si', id: 'ou_lisi' }]);
  });

  it.each(['LISI@corp.com', 'lisi@CORP.COM'])('is meant by %s wherever a handle may stand', (address) => {
    const files = {
      'a.yaml': feishu(`attendees:\n  - person: ${address}\n`),
      'people.yaml': lisi,
    };
    expect(attendees(load(files, lockText({})))).toEqual([['user:ou_lisi a.yaml:9:7']]);
  });

  it('needs no Directory', () => {
    const files = {
      'a.yaml': feishu('attendees:\n  - roster: team\nignore:\n  - person: boss@corp.com\n'),
      'team.yaml': roster(
        'team',
        'members:\n  - person: wu@corp.com\n  - user: ou_out\nexclude:\n  - person: Out@corp.com\n',
      ),
    };
    const of = (id: string, value: string): Readonly<Record<string, string>> => ({
      person: value,
      id,
      value,
    });
    const lock = lockText(
      of('ou_wu', 'wu@corp.com'),
      of('ou_out', 'out@corp.com'),
      of('ou_boss', 'boss@corp.com'),
    );
    const loaded = load(files, lock);
    expect(told(loaded)).toEqual([]);
    expect(attendees(loaded)).toEqual([['user:ou_wu team.yaml:6:7 team']]);
    expect(loaded.desired.events.map(unwanted)).toEqual([['user:ou_out excluded team.yaml:9:7 team']]);
    expect(loaded.desired.events[0]?.ignore).toEqual([{ type: 'user', id: 'ou_boss' }]);
    expect(loaded.desired.events[0]?.locked?.map(({ id }) => id)).toEqual(['ou_boss', 'ou_out', 'ou_wu']);
  });

  it('is an error where the lock lacks the id, at each entry, for each kind of id that is needed', () => {
    const files = {
      'a.yaml': event,
      'b.yaml': feishu('userIdType: union_id\nattendees:\n  - person: li.si\n', 'b'),
      'd.yaml': dingtalk('attendees:\n  - person: li.si\n'),
      'people.yaml': lisi,
    };
    const loaded = load(files, lockText({ idType: 'union_id', id: 'on_lisi' }));
    expect(told(loaded)).toEqual([
      'a.yaml:9:7: error rollcall.lock lacks the Feishu open_id of li.si [not-locked]',
      'd.yaml:9:7: error rollcall.lock lacks the DingTalk id of li.si [not-locked]',
    ]);
    expect(loaded.diagnostics[0]?.hint).toContain('rollcall lock');
    expect(loaded.desired.events.map(({ name }) => name)).toEqual(['b']);
  });

  it('is a warning where that was asked for, and the event says whom it lacks', () => {
    const loaded = load({ 'a.yaml': event, 'people.yaml': lisi }, undefined, { unlocked: 'warning' });
    expect(told(loaded)).toEqual([
      'a.yaml:9:7: warning rollcall.lock lacks the Feishu open_id of li.si [not-locked]',
    ]);
    expect(loaded.desired.events[0]?.unresolved).toEqual([
      {
        person: 'li.si',
        provider: 'feishu',
        idType: 'open_id',
        keys: [{ by: 'email', value: 'lisi@corp.com' }],
        source: { file: 'a.yaml', line: 9, column: 7 },
      },
    ]);
  });

  it('is not who the lock has by what the Directory does not say any more', () => {
    const loaded = load({ 'a.yaml': event, 'people.yaml': lisi }, lockText({ value: 'li.si@corp.com' }));
    expect(told(loaded)).toEqual([
      'a.yaml:9:7: error rollcall.lock has the Feishu open_id of li.si by "li.si@corp.com" (rollcall.lock:3), which people.yaml:6 no longer says [lock-stale]',
    ]);
  });

  it.each([
    ['mobile', '138 0000-0000', '+8613800000000'],
    ['employeeNo', '00712', '00712'],
  ])('may be found by %s too', (by, written, value) => {
    const files = {
      'a.yaml': event,
      'people.yaml': directory(`li.si: { ${by}: "${written}", email: l@corp.com }\n`),
    };
    expect(attendees(load(files, lockText({ by, value })))).toEqual([['user:ou_lisi a.yaml:9:7']]);
  });

  it('is who the Directory says where that gives an id too', () => {
    const files = {
      'a.yaml': event,
      'people.yaml': directory('li.si: { feishu: ou_given, email: lisi@corp.com }\n'),
    };
    const loaded = load(files, lockText({}));
    expect(attendees(loaded)).toEqual([['user:ou_given a.yaml:9:7']]);
    expect(loaded.desired.events[0]?.locked).toBeUndefined();
  });

  it('is nobody where several people have the address', () => {
    const files = {
      'a.yaml': feishu('attendees:\n  - person: lisi@corp.com\n'),
      'people.yaml': directory('li.si: { email: lisi@corp.com }\nother: { email: LISI@corp.com }\n'),
    };
    expect(told(load(files, lockText({})))).toEqual([
      'a.yaml:9:7: error several people have the address "lisi@corp.com" in a Directory [ambiguous-address]',
    ]);
  });
});

describe('somebody whose last day is over', () => {
  const files = (day: string): Readonly<Record<string, string>> => ({
    'a.yaml': feishu('attendees:\n  - person: li.si\n  - user: ou_x\n  - email: lisi@corp.com\n'),
    'b.yaml': feishu('attendees:\n  - user: ou_lisi\n  - user: ou_x\n', 'f'),
    'people.yaml': directory(`li.si: { feishu: ou_lisi, email: lisi@corp.com, left: ${day} }\n`),
  });

  it('is wanted on that day still', () => {
    expect(attendees(load(files(today)))).toEqual([
      ['email:lisi@corp.com a.yaml:11:7', 'user:ou_lisi a.yaml:9:7', 'user:ou_x a.yaml:10:7'],
      ['user:ou_lisi b.yaml:9:7', 'user:ou_x b.yaml:10:7'],
    ]);
  });

  it('is wanted nowhere from the day after, however the manifests name them', () => {
    const loaded = load(files('2026-11-19'));
    expect(attendees(loaded)).toEqual([['user:ou_x a.yaml:10:7'], ['user:ou_x b.yaml:10:7']]);
    expect(loaded.desired.events.map(unwanted)).toEqual([
      ['email:lisi@corp.com expired people.yaml:6:53', 'user:ou_lisi expired people.yaml:6:53'],
      ['user:ou_lisi expired people.yaml:6:53'],
    ]);
  });

  it('needs no line in the lock, and keeps the one that is there', () => {
    const gone = {
      'a.yaml': event,
      'people.yaml': directory('li.si: { email: lisi@corp.com, left: 2026-11-19 }\n'),
    };
    const without = load(gone);
    expect(told(without)).toEqual([]);
    expect(attendees(without)).toEqual([[]]);
    const withLine = load(gone, lockText({}));
    expect(withLine.desired.events.map(unwanted)).toEqual([['user:ou_lisi expired people.yaml:6:36']]);
    expect(withLine.desired.events[0]?.locked).toHaveLength(1);
  });
});

describe('a lock that lies', () => {
  it.each<[string, string, string]>([
    [
      'of another version',
      'formatVersion: "2"\nentries: []\n',
      '1:16: error formatVersion is "2"; it must be one of 1',
    ],
    [
      'with an unknown key',
      'formatVersion: "1"\nentries: []\ntoken: x\n',
      '3:1: error unknown key "token" in the document',
    ],
    ['without entries', 'formatVersion: "1"\n', '1:1: error the document lacks the key "entries"'],
    ['that is empty', '', '1:1: error rollcall.lock is empty'],
    [
      'of two documents',
      `${lockText({})}---\nx: 1\n`,
      '5:1: error a lock file holds one document; another begins here',
    ],
    ['with what a merge left', `<<<<<<< ours\n${lockText({})}`, '1:1: error '],
    [
      'with two lines of one person',
      lockText({}, { id: 'ou_other' }),
      '4:5: error li.si has two lines for the Feishu open_id: also at rollcall.lock:3',
    ],
    [
      'with an unknown platform',
      lockText({ provider: 'feisu' }),
      '3:34: error entries[0].provider is "feisu"',
    ],
    [
      'with a kind of id that the platform lacks',
      lockText({ provider: 'dingtalk', idType: 'open_id' }),
      '3:5: error DingTalk has no kind of id "open_id"',
    ],
    [
      'with an id of another kind',
      lockText({ id: 'on_lisi' }),
      '3:5: error li.si: "on_lisi" cannot be the open_id of a person on Feishu',
    ],
    [
      'with an id of another platform',
      lockText({ provider: 'dingtalk', idType: 'unionId' }),
      '3:5: error li.si: "ou_lisi" cannot be the unionId of a person on DingTalk',
    ],
    [
      'with an id that is none',
      lockText({ id: 'ou lisi' }),
      '3:48: error entries[0].id "ou lisi" is not an id',
    ],
    [
      'with an address found by another',
      lockText({ person: 'wu@corp.com' }),
      '3:5: error wu@corp.com is an address, but was found by another: "lisi@corp.com"',
    ],
  ])('%s is an error at its place, and nothing more is told', (_what, lock, expected) => {
    const [first, ...others] = told(load({ 'a.yaml': event, 'people.yaml': lisi }, lock));
    expect(first).toContain(`rollcall.lock:${expected}`);
    expect(others).toEqual([]);
  });
});
