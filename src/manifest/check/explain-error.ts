import type { ErrorObject } from 'ajv/dist/2020.js';
import {
  choicesIn,
  conditionOf,
  definitionOf,
  isChoice,
  knownKeys,
  listParam,
  paramOf,
} from './ajv-error.ts';
import { didYouMean } from '../nearest.ts';
import {
  keyOffset,
  type Path,
  pathOf,
  pathText,
  valueOffset,
  writtenAt,
  type Nodes,
} from '../read/node-at.ts';
import { conditionRule, formRule } from './rules.ts';

/** A mistake in a value, in the author's terms. */
export interface Mistake {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** Where it is in the text. */
  readonly offset: number;
  /** Where it is in the value. */
  readonly path: Path;
  /** Something is not there, rather than wrong. */
  readonly missing: boolean;
}

type Words = Pick<Mistake, 'code' | 'message' | 'hint'>;

/** Says what one of ajv's errors means. */
export function explainError(error: ErrorObject, nodes: Nodes): Mistake {
  const path = blamedPath(error);
  const inKey = keyKeywords.has(error.keyword);
  const offset = inKey ? keyOffset(nodes, path.slice(0, -1), path.at(-1) ?? '') : valueOffset(nodes, path);
  const written = inKey ? '' : writtenAt(nodes, path);
  return { ...wordsFor(error, written), offset, path, missing: error.keyword === 'required' };
}

/** Keywords whose errors are about a key and not about its value. */
const keyKeywords: ReadonlySet<string> = new Set(['additionalProperties', 'propertyNames', 'false schema']);

function blamedPath(error: ErrorObject): Path {
  const path = pathOf(error.instancePath);
  if (error.keyword === 'additionalProperties') return [...path, paramOf(error, 'additionalProperty')];
  return error.keyword === 'propertyNames' ? [...path, paramOf(error, 'propertyName')] : path;
}

function wordsFor(error: ErrorObject, written: string): Words {
  const path = pathOf(error.instancePath);
  const name = pathText(path);
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(name, paramOf(error, 'additionalProperty'), knownKeys(error));
    case 'required': {
      const key = JSON.stringify(paramOf(error, 'missingProperty'));
      return { code: 'missing-key', message: `${name} lacks the key ${key}`, hint: `add ${key}` };
    }
    case 'minProperties':
      return {
        code: 'missing-key',
        message: `${name} has no id`,
        hint: 'write open_id, union_id or user_id',
      };
    case 'propertyNames': {
      const { code, rule, hint } = formRule(path[0] === 'metadata' ? 'labelKey' : 'name');
      return {
        code,
        message: `the key ${JSON.stringify(paramOf(error, 'propertyName'))} in ${name} ${rule}`,
        hint,
      };
    }
    case 'oneOf':
      return wrongChoice(name, choicesIn(error.data), knownKeys(error).filter(isChoice));
    case 'type':
      return wrongType(name, error, written);
    case 'enum':
      return wrongValue(name, error, written);
    case 'minimum':
      return { code: 'bad-number', message: `${name} is ${written}, less than 0`, hint: 'write 0 or more' };
    case 'pattern':
    case 'format':
      return badForm(name, error, written);
    case 'false schema': {
      const { code, rule, hint } = conditionRule(conditionOf(error));
      return { code, message: `${name} ${rule}`, hint };
    }
    case 'const':
      return replaceNeedsExact(name, written);
    default:
      return {
        code: 'invalid',
        message: `${name} ${error.message ?? 'is not allowed'}`,
        hint: 'see the schema',
      };
  }
}

function unknownKey(name: string, key: string, known: readonly string[]): Words {
  const hint = didYouMean(key, known) ?? `the keys here are ${known.join(', ')}`;
  return { code: 'unknown-key', message: `unknown key ${JSON.stringify(key)} in ${name}`, hint };
}

function wrongChoice(name: string, present: readonly string[], known: readonly string[]): Words {
  if (present.length === 0) {
    return { code: 'missing-key', message: `${name} names nobody`, hint: `write one of ${known.join(', ')}` };
  }
  const message = `${name} has ${present.join(' and ')}, and an entry names one thing`;
  return { code: 'two-kinds', message, hint: 'write an entry for each' };
}

function wrongType(name: string, error: ErrorObject, written: string): Words {
  const expected = listParam(error, 'type').flatMap((type) => type.split(','));
  const text = expected.map((type) => typeTexts.get(type) ?? type).join(' or ');
  if (error.data === null && expected.includes('array')) {
    const hint =
      name === 'spec.attendees'
        ? 'write [] for nobody, or leave the key out: attendees are then not managed'
        : 'write [], or leave the key out';
    return { code: 'null-where-list', message: `${name} is empty where a list belongs`, hint };
  }
  if (expected.includes('integer')) {
    const hint = expected.includes('string') ? 'write 20 or 50%' : 'write a whole number without quotes';
    return { code: 'bad-number', message: `${name} is ${written} where ${text} belongs`, hint };
  }
  const scalar = typeof error.data === 'number' || typeof error.data === 'boolean';
  if (scalar && definitionOf(error) === 'date') return badForm(name, error, written);
  if (scalar && expected.includes('string')) {
    const read = typeof error.data === 'number' ? 'a number' : 'a boolean';
    const message = `${name} must be text, and ${written} without quotes is ${read}`;
    return { code: 'number-for-id', message, hint: `write ${JSON.stringify(written)}` };
  }
  const message = `${name} is ${written} where ${text} belongs`;
  if (error.data === null)
    return { code: 'wrong-type', message, hint: `write ${text}; an optional key can be left out` };
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

function wrongValue(name: string, error: ErrorObject, written: string): Words {
  const allowed = listParam(error, 'allowedValues');
  const near = typeof error.data === 'string' ? didYouMean(error.data, allowed) : undefined;
  const message = `${name} is ${written}; it must be one of ${allowed.join(', ')}`;
  return { code: 'unknown-value', message, hint: near ?? `write ${allowed.join(' or ')}` };
}

function badForm(name: string, error: ErrorObject, written: string): Words {
  const { code, rule, hint } = formRule(definitionOf(error));
  return { code, message: `${name} ${written} ${rule}`, hint };
}

function replaceNeedsExact(name: string, written: string): Words {
  const message = `${name} is ${written}, and \`optionalDrift: replace\` removes and adds, so it needs exact`;
  return { code: 'replace-needs-exact', message, hint: 'write `sync: exact`, or `optionalDrift: ignore`' };
}
