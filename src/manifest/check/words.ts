import { isCalendarDay } from '../../model/day.ts';
import { typeShown } from '../ids.ts';
import { isRecord, referenceKinds } from '../manifest.ts';
import { didYouMean } from '../nearest.ts';
import type { Schema } from './explain.ts';

/** What is said of a mistake. */
export interface Words {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Says it, of a value at a path, as the author wrote the value. */
export type Say = (path: readonly string[], written: string) => Words;

/** A path as messages name it: `spec.attendees[2].user`. */
export function pathText(path: readonly string[]): string {
  if (path.length === 0) return 'the document';
  const text = path.map((step) => (/^[0-9]+$/.test(step) ? `[${step}]` : `.${step}`)).join('');
  return text.replace(/^\./, '');
}

/** A rule in the schema's own words, beside the schema that it explains: `x-error`. */
function ruleOf(schema: Schema): { readonly code: string; readonly rule: string; readonly hint: string } {
  const {
    code = 'invalid',
    rule = 'is not allowed here',
    hint = 'see the schema',
  } = recordIn(schema['x-error']);
  return { code: String(code), rule: String(rule), hint: String(hint) };
}

function recordIn(value: unknown): Schema {
  return isRecord(value) ? value : {};
}

/** What is wrong with a value by itself, without what is in it; `null` for nothing. */
export function faultOf(value: unknown, schema: Schema): Say | null {
  const types = [schema['type'] ?? []].flat().map(String);
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    return (path, written) => wrongType(pathText(path), value, types, schema, written);
  }
  if ('const' in schema && value !== schema['const']) {
    if ('x-error' in schema) return (path, written) => ofRule(pathText(path), written, schema);
    return (path, written) => wrongValue(pathText(path), value, [String(schema['const'])], written);
  }
  const allowed = schema['enum'];
  if (Array.isArray(allowed) && !allowed.includes(value)) {
    return (path, written) => wrongValue(pathText(path), value, allowed.map(String), written);
  }
  if (typeof value === 'number' && typeof schema['minimum'] === 'number' && value < schema['minimum']) {
    return (path, written) => ({
      code: 'bad-number',
      message: `${pathText(path)} is ${written}, less than 0`,
      hint: 'write 0 or more',
    });
  }
  if (typeof value !== 'string') return null;
  const { pattern, format } = schema;
  const misshapen =
    (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value)) ||
    (format === 'date' && !isCalendarDay(value));
  return misshapen ? (path, written) => ofRule(pathText(path), written, schema) : null;
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

function ofRule(name: string, written: string, schema: Schema): Words {
  const { code, rule, hint } = ruleOf(schema);
  return { code, message: `${name} ${written} ${rule}`, hint };
}

/** A key that another key forbids. */
export function forbiddenKey(path: readonly string[], schema: Schema): Words {
  const { code, rule, hint } = ruleOf(schema);
  return { code, message: `${pathText(path)} ${rule}`, hint };
}

/** A key whose name breaks the rule for names. */
export function namesWrong(path: readonly string[], key: string, schema: Schema): Words {
  const { code, rule, hint } = ruleOf(schema);
  return { code, message: `the key ${JSON.stringify(key)} in ${pathText(path)} ${rule}`, hint };
}

/** A key that the schema does not know. */
export function unknownKey(path: readonly string[], key: string, known: readonly string[]): Words {
  const glued = /^([a-zA-Z]+):(\S.*)$/u.exec(key);
  if (glued?.[1] !== undefined && known.includes(glued[1])) {
    const message = `there is no space after the colon in ${JSON.stringify(key)}`;
    return { code: 'missing-space', message, hint: `write "${glued[1]}: ${glued[2]}"` };
  }
  const hint = didYouMean(key, known) ?? `the keys here are ${known.join(', ')}`;
  return { code: 'unknown-key', message: `unknown key ${JSON.stringify(key)} in ${pathText(path)}`, hint };
}

/** A key that has to be there. */
export function missingKey(path: readonly string[], key: string): Words {
  const quoted = JSON.stringify(key);
  return { code: 'missing-key', message: `${pathText(path)} lacks the key ${quoted}`, hint: `add ${quoted}` };
}

/** None of the keys of which one has to be there. */
export function missingChoice(path: readonly string[], choices: readonly string[]): Words {
  const message = `${pathText(path)} names nobody`;
  return { code: 'missing-key', message, hint: `write one of ${choices.join(', ')}` };
}

/** More than one of the keys of which one may be there. */
export function twoChoices(path: readonly string[], present: readonly string[]): Words {
  const message = `${pathText(path)} has ${present.join(' and ')}, but an entry names one thing`;
  return { code: 'two-kinds', message, hint: 'write an entry for each' };
}

function wrongType(
  name: string,
  value: unknown,
  expected: readonly string[],
  schema: Schema,
  written: string,
): Words {
  const text = expected.map((type) => typeTexts.get(type) ?? type).join(' or ');
  if (value === null && expected.includes('array')) {
    const hint =
      name === 'spec.attendees'
        ? 'write [] for nobody, or leave the key out: attendees are then not managed'
        : 'write [], or leave the key out';
    return { code: 'null-where-list', message: `${name} is empty; it must be a list`, hint };
  }
  const [key = ''] = isRecord(value) ? Object.keys(value) : [];
  if (expected.includes('array') && key.startsWith('-')) {
    return {
      code: 'missing-space',
      message: `there is no space after the dash in ${name}`,
      hint: `write "- ${key.slice(1)}: ..."`,
    };
  }
  if (expected.includes('integer')) {
    const hint = expected.includes('string') ? 'write 20 or 50%' : 'write a whole number without quotes';
    return { code: 'bad-number', message: `${name} is ${written}; it must be ${text}`, hint };
  }
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  if (scalar && schema['format'] === 'date') return ofRule(name, written, schema);
  if (scalar && expected.includes('string')) {
    const read = typeof value === 'number' ? 'a number' : 'a boolean';
    const message = `${name} must be text, but ${written} without quotes is ${read}`;
    return { code: 'number-for-id', message, hint: `write ${JSON.stringify(written)}` };
  }
  if (typeof value === 'string' && schema['oneOf'] !== undefined) return bareEntry(name, value);
  const wide = typeof value === 'string' && expected.includes('object') ? wideKey.exec(value) : null;
  if (wide !== null) {
    return {
      code: 'full-width',
      message: '"：" is a full-width colon',
      hint: `write "${wide[1]}: ${wide[2]}"`,
    };
  }
  const message = `${name} is ${written}; it must be ${text}`;
  if (value === null) {
    return { code: 'wrong-type', message, hint: `write ${text}; an optional key can be left out` };
  }
  const hint = expected.includes('boolean') ? 'write true or false, without quotes' : `write ${text}`;
  return { code: 'wrong-type', message, hint };
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

const bareKey = new RegExp(`^(${referenceKinds.join('|')}) +(\\S+)$`, 'u');

/** An entry that is a text: a key without a space after its colon, or an id without its key. */
function bareEntry(name: string, text: string): Words {
  const glued = gluedKey.exec(text);
  if (glued !== null) {
    const message = `there is no space after the colon in ${JSON.stringify(text)}`;
    return { code: 'missing-space', message, hint: `write "${glued[1]}: ${glued[2]}"` };
  }
  const apart = bareKey.exec(text);
  if (apart !== null) {
    const message = `there is no colon in ${JSON.stringify(text)}`;
    return { code: 'missing-colon', message, hint: `write "${apart[1]}: ${apart[2]}"` };
  }
  const key = text.includes('@') ? 'email' : (typeShown(text) ?? 'user');
  const message = `${name} is only the text ${JSON.stringify(text)}; an entry says what it names`;
  return { code: 'wrong-type', message, hint: `write "- ${key}: ${text}"` };
}

function wrongValue(name: string, value: unknown, allowed: readonly string[], written: string): Words {
  const near = typeof value === 'string' ? didYouMean(value, allowed) : undefined;
  const message = `${name} is ${written}; it must be one of ${allowed.join(', ')}`;
  return { code: 'unknown-value', message, hint: near ?? `write ${allowed.join(' or ')}` };
}
