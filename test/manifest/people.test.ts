import { describe, expect, it } from 'vitest';
import { dingtalk, directory, feishu, findings, load, onlyEvent, roster, wanted } from './support.ts';

describe('people', () => {
  const people = directory(
    [
      'bare: { name: Bare, feishu: ou_b, lark: on_b, dingtalk: unionB }',
      'kinds: { name: Kinds, feishu: { open_id: ou_k, union_id: on_k, user_id: 3e3cf96b } }',
      'plain: { feishu: 7f2a }',
      'toString: { feishu: ou_t }',
    ].join('\n'),
  );

  it.each([
    ['open_id', 'bare', 'user:ou_b'],
    ['open_id', 'kinds', 'user:ou_k'],
    ['union_id', 'kinds', 'user:on_k'],
    ['user_id', 'kinds', 'user:3e3cf96b'],
    ['user_id', 'plain', 'user:7f2a'],
    ['open_id', 'toString', 'user:ou_t'],
  ])('give their %s: %s', (type, handle, expected) => {
    const text = feishu(`userIdType: ${type}\nattendees: [{ person: ${handle} }]`);
    expect(wanted(onlyEvent({ 'a.yaml': text, 'p.yaml': people }))).toEqual([`${expected} a.yaml:9:15`]);
  });

  it.each([
    ['open_id', 'plain', 'plain has no Feishu open_id in its Directory (p.yaml:8)'],
    ['user_id', 'bare', 'bare has no Feishu user_id in its Directory (p.yaml:6)'],
  ])('without an %s are an error at the line that uses them: %s', (type, handle, message) => {
    const text = feishu(`userIdType: ${type}\nattendees:\n  - person: ${handle}`);
    const { desired, diagnostics } = load({ 'a.yaml': text, 'p.yaml': people });
    expect(diagnostics).toMatchObject([
      { code: 'no-id', message, source: { file: 'a.yaml', line: 10, column: 7 } },
    ]);
    expect(desired.events).toEqual([]);
  });

  it('serve a Feishu and a DingTalk event through one roster', () => {
    const files = {
      'a.yaml': feishu('attendees: [{ roster: r }]'),
      'b.yaml': dingtalk('attendees: [{ roster: r }]'),
      'r.yaml': roster('r', 'members: [{ person: bare }]'),
      'p.yaml': people,
    };
    const { desired, diagnostics } = load(files);
    expect(diagnostics).toEqual([]);
    expect(desired.events.map(wanted)).toEqual([['user:unionB r.yaml:5:13 r'], ['user:ou_b r.yaml:5:13 r']]);
  });

  it('that miss an id are one error for all events that use the roster', () => {
    const files = {
      'b.yaml': dingtalk('attendees: [{ roster: r }]'),
      'c.yaml': dingtalk('attendees: [{ roster: r }, { user: u }]').replaceAll(/\bd$|name: d/gm, (name) =>
        name.replace('d', 'c'),
      ),
      'r.yaml': roster('r', 'members: [{ person: kinds }]'),
      'p.yaml': people,
    };
    expect(findings(feishu('attendees: [{ roster: r }]'), files)).toEqual(['no-id r.yaml:5:13']);
    expect(
      load({ 'a.yaml': feishu('attendees: [{ roster: r }]'), ...files }).desired.events.map(
        ({ name }) => name,
      ),
    ).toEqual(['e']);
  });

  it('give names to whoever has their id', () => {
    const event = onlyEvent({
      'a.yaml': feishu('attendees: [{ user: ou_b }, { user: ou_x }]'),
      'p.yaml': people,
    });
    expect(event.attendees?.map(({ name }) => name)).toEqual(['Bare', undefined]);
    expect([...event.names]).toEqual([
      ['user:ou_b', 'Bare'],
      ['user:ou_k', 'Kinds'],
    ]);
  });
});

describe('an id of another kind', () => {
  it.each([
    ['open_id', 'on_a', ['foreign-id-type 9:15']],
    ['union_id', 'ou_a', ['foreign-id-type 9:15']],
    ['user_id', 'ou_a', ['foreign-id-type? 9:15']],
    ['user_id', 'on_a', ['foreign-id-type? 9:15']],
    ['open_id', 'plain', []],
  ])('under %s: %s', (type, id, expected) => {
    expect(findings(feishu(`userIdType: ${type}\nattendees: [{ user: ${id} }]`))).toEqual(expected);
    expect(findings(feishu(`userIdType: ${type}\nignore:    [{ user: ${id} }]`))).toEqual(expected);
    expect(findings(feishu(`userIdType: ${type}\nroomContact: ${id}`)).length).toBe(expected.length);
  });

  it('is an error in a roster only where an event of that kind uses it', () => {
    const r = roster('r', 'members: [{ user: on_a }]');
    const use = 'attendees: [{ roster: r }]';
    expect(findings(feishu(`userIdType: union_id\n${use}`), { 'r.yaml': r })).toEqual([]);
    expect(findings(feishu(use), { 'r.yaml': r })).toEqual(['foreign-id-type r.yaml:5:13']);
  });
});
