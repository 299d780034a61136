import { isCalendarDay } from '../../model/day.ts';
import { plain, quoted, type Said, say, who } from '../../model/say.ts';
import type { Mistake } from '../diagnostics.ts';
import { typeShown } from '../ids.ts';
import { isRecord, referenceKinds } from '../manifest.ts';
import { keySaid, mentionKind, pathText, valueSaid } from '../mentions.ts';
import { didYouMean } from '../nearest.ts';
import type { Schema } from './explain.ts';

/** What is said of a mistake. */
export type Words = Omit<Mistake, 'offset'>;

/** Says it, of a value at a path, as the author wrote the value. */
export type Say = (path: readonly string[], written: string) => Words;

/** A rule in the schema's own words, beside the schema that it explains: `x-error`. */
function ruleOf(schema: Schema): { readonly code: string; readonly rule: Said; readonly hint: Said } {
  const {
    code = 'invalid',
    rule = 'is not allowed here',
    hint = 'see: rollcall explain',
  } = recordIn(schema['x-error']);
  return { code: String(code), rule: plain(String(rule)), hint: plain(String(hint)) };
}

function recordIn(value: unknown): Schema {
  return isRecord(value) ? value : {};
}

/** What is wrong with a value by itself, without what is in it; `null` for nothing. */
export function faultOf(value: unknown, schema: Schema): Say | null {
  const types = [schema['type'] ?? []].flat().map(String);
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    return (path, written) => wrongType(path, value, types, schema, written);
  }
  if ('const' in schema && value !== schema['const']) {
    if ('x-error' in schema)
      return (path, written) => ofRule(pathText(path), valueSaid(path, value, written), schema);
    return (path, written) => wrongValue(path, value, [String(schema['const'])], written);
  }
  const allowed = schema['enum'];
  if (Array.isArray(allowed) && !allowed.includes(value)) {
    return (path, written) => wrongValue(path, value, allowed.map(String), written);
  }
  if (typeof value === 'number' && typeof schema['minimum'] === 'number' && value < schema['minimum']) {
    return (path, written) => ({
      code: 'bad-number',
      message: say`${pathText(path)} is ${valueSaid(path, value, written)}, less than 0`,
      hint: say`write 0 or more`,
    });
  }
  if (typeof value !== 'string') return null;
  const { pattern, format } = schema;
  const misshapen =
    (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value)) ||
    (format === 'date' && !isCalendarDay(value));
  return misshapen
    ? (path, written) => ofRule(pathText(path), valueSaid(path, value, written), schema)
    : null;
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function ofRule(name: Said, written: Said, schema: Schema): Words {
  const { code, rule, hint } = ruleOf(schema);
  return { code, message: say`${name} ${written} ${rule}`, hint };
}

/** A key that another key forbids. */
export function forbiddenKey(path: readonly string[], schema: Schema): Words {
  const { code, rule, hint } = ruleOf(schema);
  return { code, message: say`${pathText(path)} ${rule}`, hint };
}

/** A key whose name breaks the rule for names. */
export function namesWrong(path: readonly string[], key: string, schema: Schema): Words {
  const { code, rule, hint } = ruleOf(schema);
  return { code, message: say`the key ${keySaid(path, key)} in ${pathText(path)} ${rule}`, hint };
}

/** A key that the schema does not know. */
export function unknownKey(path: readonly string[], key: string, known: readonly string[]): Words {
  const glued = /^([a-zA-Z]+):(\S.*)$/u.exec(key);
  if (glued?.[1] !== undefined && known.includes(glued[1])) {
    return { code: 'missing-space', ...withoutSign('space after the colon', key, glued) };
  }
  const hint = didYouMean(key, known) ?? plain(`the keys here are ${known.join(', ')}`);
  return { code: 'unknown-key', message: say`unknown key ${keySaid(path, key)} in ${pathText(path)}`, hint };
}

/** A key that has to be there. */
export function missingKey(path: readonly string[], key: string): Words {
  const name = plain(JSON.stringify(key));
  return {
    code: 'missing-key',
    message: say`${pathText(path)} lacks the key ${name}`,
    hint: say`add ${name}`,
  };
}

/** None of the keys of which one has to be there. */
export function missingChoice(path: readonly string[], choices: readonly string[]): Words {
  const message = say`${pathText(path)} names nobody`;
  return { code: 'missing-key', message, hint: plain(`write one of ${choices.join(', ')}`) };
}

/** More than one of the keys of which one may be there. */
export function twoChoices(path: readonly string[], present: readonly string[]): Words {
  const message = say`${pathText(path)} has ${plain(present.join(' and '))}, but an entry names one thing`;
  return { code: 'two-kinds', message, hint: say`write an entry for each` };
}

function wrongType(
  path: readonly string[],
  value: unknown,
  expected: readonly string[],
  schema: Schema,
  written: string,
): Words {
  const name = pathText(path);
  const said = valueSaid(path, value, written);
  const text = plain(expected.map((type) => typeTexts.get(type) ?? type).join(' or '));
  if (value === null && expected.includes('array')) {
    const hint =
      name.text === 'spec.attendees'
        ? say`write [] for nobody, or leave the key out: attendees are then not managed`
        : say`write [], or leave the key out`;
    return { code: 'null-where-list', message: say`${name} is empty; it must be a list`, hint };
  }
  const [key = ''] = isRecord(value) ? Object.keys(value) : [];
  if (expected.includes('array') && key.startsWith('-')) {
    return {
      code: 'missing-space',
      message: say`there is no space after the dash in ${name}`,
      hint: say`write "- ${keySaid([], key.slice(1), key.slice(1))}: ..."`,
    };
  }
  if (expected.includes('integer')) {
    const own =
      recordIn(schema['x-error'])['code'] === 'bad-id' ? say`write the id as text` : say`write 20 or 50%`;
    const hint = expected.includes('string') ? own : say`write a whole number without quotes`;
    return { code: 'bad-number', message: say`${name} is ${said}; it must be ${text}`, hint };
  }
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  if (scalar && schema['format'] === 'date') return ofRule(name, said, schema);
  if (scalar && expected.includes('string')) {
    const read = plain(typeof value === 'number' ? 'a number' : 'a boolean');
    const message = say`${name} must be text, but ${said} without quotes is ${read}`;
    return {
      code: 'number-for-id',
      message,
      hint: say`write ${valueSaid(path, value, JSON.stringify(written))}`,
    };
  }
  const isEntry = schema['oneOf'] !== undefined;
  const wide =
    typeof value === 'string' && (isEntry || expected.includes('object')) ? wideColon(value) : null;
  if (wide !== null) return wide;
  if (typeof value === 'string' && isEntry) return bareEntry(name, value);
  const message = say`${name} is ${said}; it must be ${text}`;
  if (value === null) {
    return { code: 'wrong-type', message, hint: say`write ${text}; an optional key can be left out` };
  }
  const hint = expected.includes('boolean') ? say`write true or false, without quotes` : say`write ${text}`;
  return { code: 'wrong-type', message, hint };
}

/** A key and its value as they should be written. */
function pairSaid(key: string, value: string): Said {
  return say`${keySaid([], key, key)}: ${who(mentionKind(key), value)}`;
}

/** A key and its value that are written without what stands between them. */
function withoutSign(
  sign: string,
  text: string,
  [, key = '', value = '']: readonly string[],
): Omit<Words, 'code'> {
  const bare = text.slice(key.length, text.length - value.length);
  const said = say`${plain(key)}${plain(bare)}${who(mentionKind(key), value, JSON.stringify(value).slice(1, -1))}`;
  return {
    message: say`there is no ${plain(sign)} in "${said}"`,
    hint: say`write "${pairSaid(key, value)}"`,
  };
}

const typeTexts: ReadonlyMap<string, string> = new Map([
  ['array', 'a list'],
  ['object', 'a map'],
  ['string', 'text'],
  ['boolean', 'true or false'],
  ['integer', 'a whole number'],
]);

const gluedKey = new RegExp(`^(${referenceKinds.join('|')}|type):(\\S.*)$`, 'u');

/** A map of one key whose colon is full-width is a text to YAML. */
const wideKey = /^([\w-]+)\s*：\s*(.*)$/su;

function wideColon(text: string): Words | null {
  const [, word, rest = ''] = wideKey.exec(text) ?? [];
  if (word === undefined) return null;
  const message = say`"：" is a full-width colon`;
  return { code: 'full-width', message, hint: say`write "${pairSaid(word, rest)}"` };
}

const bareKey = new RegExp(`^(${referenceKinds.join('|')}) +(\\S+)$`, 'u');

/** An entry that is a text: a key without a space after its colon, or an id without its key. */
function bareEntry(name: Said, text: string): Words {
  const glued = gluedKey.exec(text);
  if (glued !== null) return { code: 'missing-space', ...withoutSign('space after the colon', text, glued) };
  const apart = bareKey.exec(text);
  if (apart !== null) return { code: 'missing-colon', ...withoutSign('colon', text, apart) };
  const key = text.includes('@') ? 'email' : (typeShown(text) ?? 'user');
  const message = say`${name} is only the text ${quoted(key, text)}; an entry says what it names`;
  return { code: 'wrong-type', message, hint: say`write "- ${plain(key)}: ${who(key, text)}"` };
}

function wrongValue(
  path: readonly string[],
  value: unknown,
  allowed: readonly string[],
  written: string,
): Words {
  const near = typeof value === 'string' ? didYouMean(value, allowed) : undefined;
  const message = say`${pathText(path)} is ${valueSaid(path, value, written)}; it must be one of ${plain(allowed.join(', '))}`;
  return { code: 'unknown-value', message, hint: near ?? plain(`write ${allowed.join(' or ')}`) };
}
