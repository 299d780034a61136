/** What is said where a schema's rule is broken: the rule in words, its stable code, and the way out. */
export interface Rule {
  readonly code: string;
  /** Follows the name of the value: `spec.eventId "a b" …`. */
  readonly rule: string;
  readonly hint: string;
}

/** By the name that the rule has under `$defs`, for text that does not fit. */
const formRules: ReadonlyMap<string, Rule> = new Map([
  [
    'name',
    {
      code: 'bad-name',
      rule: 'is not a name: letters and digits of any script, ".", "_" and "-", 1 to 63 of them',
      hint: 'use "-" in place of other characters',
    },
  ],
  [
    'labelKey',
    {
      code: 'bad-name',
      rule: 'is not a label key: letters and digits of any script, ".", "_", "-" and "/", 1 to 63 of them',
      hint: 'use "-" in place of other characters',
    },
  ],
  ['label', { code: 'bad-text', rule: 'has control characters', hint: 'keep it to one line of text' }],
  [
    'displayName',
    {
      code: 'bad-text',
      rule: 'is empty or has control characters',
      hint: 'write the name on one line, or leave the key out',
    },
  ],
  [
    'email',
    {
      code: 'bad-email',
      rule: 'is not an e-mail address',
      hint: 'write it as somebody@example.com, without a display name',
    },
  ],
  [
    'date',
    { code: 'bad-date', rule: 'is not a calendar day', hint: 'write a day that exists as YYYY-MM-DD' },
  ],
  [
    'removalLimit',
    {
      code: 'bad-percent',
      rule: 'is neither a whole number nor a percentage from 0% to 100%',
      hint: 'write 20, 50% or 33.3%',
    },
  ],
  [
    'seconds',
    { code: 'bad-id', rule: 'is not a number of Unix seconds', hint: 'write digits in quotes: "1647320400"' },
  ],
]);

const idRule: Rule = {
  code: 'bad-id',
  rule: 'is not an id: ids are not empty and have no spaces, quotation marks, invisible or control characters',
  hint: 'copy the id again from the platform, without what stands around it',
};

/** The rule for text, by its name under `$defs`; ids where it has none. */
export function formRule(name: string | undefined): Rule {
  return formRules.get(name ?? '') ?? idRule;
}

/** Keys that the schema allows in general and another key forbids, by the condition's name under `$defs`. */
const conditionRules: ReadonlyMap<string, Rule> = new Map([
  [
    'dingtalk',
    {
      code: 'not-allowed',
      rule: 'has no meaning on DingTalk: its events take people only, by one kind of id',
      hint: 'leave it out; list the members of a chat as users or in a Roster',
    },
  ],
  [
    'feishu',
    {
      code: 'not-allowed',
      rule: 'is for DingTalk only; Feishu and Lark know the organizer',
      hint: 'leave it out, or write `provider: dingtalk`',
    },
  ],
  [
    'absent',
    {
      code: 'not-allowed',
      rule: 'may not stand beside `state: absent`: only the keys that name the event, `notify` and `guards` may',
      hint: 'leave it out: the whole event is deleted',
    },
  ],
  [
    'roomsOnly',
    {
      code: 'rooms-only',
      rule: 'may not be listed beside `admin`: in this mode the platform changes rooms only and ignores the rest',
      hint: 'list people in an Event without `admin`',
    },
  ],
  [
    'roomEntry',
    {
      code: 'optional-room',
      rule: 'may not stand on a room: the platforms know no optional rooms',
      hint: 'leave it out',
    },
  ],
]);

/** The rule of a condition that forbids a key. */
export function conditionRule(name: string | undefined): Rule {
  return (
    conditionRules.get(name ?? '') ?? {
      code: 'not-allowed',
      rule: 'is not allowed here',
      hint: 'leave it out',
    }
  );
}
