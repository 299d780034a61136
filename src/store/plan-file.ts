import { closeSync, constants, fstatSync, openSync, readSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ErrorObject } from 'ajv';
import { planDigest } from '../diff/digest.ts';
import { reasonOf } from '../model/diagnostic.ts';
import { shownDuration } from '../model/duration.ts';
import type { Plan } from '../model/plan.ts';
import { UnreadableFile, readRegularFile } from './read-regular.ts';
import { writeWhole } from './write-whole.ts';
import { validate } from '../validators/plan.js';

/** A plan file that cannot be read or must not be applied. */
export class PlanFileError extends Error {
  override readonly name = 'PlanFileError';
  /** False where there is no such file: then nothing was refused. */
  readonly refused: boolean;
  readonly hint: string;

  constructor(message: string, hint: string, refused: boolean) {
    super(message);
    this.refused = refused;
    this.hint = hint;
  }
}

/** The format that this version reads and writes. */
const planFormatVersion = '1';

/** The format version of a file that this version does not read: a text of any other kind is not repeated. */
export function versionWords(version: unknown): string {
  const text = String(version);
  return /^(?:null|\d[\d.]{0,15})$/.test(text)
    ? `format version ${JSON.stringify(version)}`
    : 'another format version';
}

const again = 'Make a new plan with: rollcall plan --out FILE';

/**
 * Saves a plan, given as JSON text or parts of it, readable by its owner alone. The file appears whole or not at all.
 *
 * @throws PlanFileError where it cannot be written.
 */
export function writePlan(path: string, json: Iterable<string>): void {
  try {
    writeWhole(path, typeof json === 'string' ? [json] : json, 0o600);
  } catch (error) {
    throw new PlanFileError(
      `the plan cannot be written to ${path} (${causeOf(error)})`,
      'Choose a writable file.',
      false,
    );
  }
}

/**
 * Reads a saved plan, every member checked. The digest is checked apart ({@link hasOwnDigest}), because a plan with a
 * changed one can still be shown.
 *
 * @throws PlanFileError for a file that is missing, is not a plan, or has another format.
 */
export function readPlan(path: string): Plan {
  let text: string;
  try {
    text = readRegularFile(path).toString('utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
  const value = parse(path, text);
  const version =
    typeof value === 'object' && value !== null && 'formatVersion' in value ? value.formatVersion : undefined;
  if (version !== undefined && version !== planFormatVersion) {
    throw new PlanFileError(
      `${path} has ${versionWords(version)}; this rollcall knows ${planFormatVersion}`,
      'Use the version of rollcall that made it, or make a new plan.',
      true,
    );
  }
  if (!validate(value))
    throw new PlanFileError(`${path} is not a plan: ${faultOf(validate.errors)}`, again, true);
  return value;
}

/** What is wrong with a value as a plan, member by member; null where it is one. */
export function planFault(value: unknown): string | null {
  return validate(value) ? null : faultOf(validate.errors);
}

/** Whether a plan is as it was when it was made. Finds accidents; anyone who means harm can make a new digest. */
export function hasOwnDigest(plan: Plan): boolean {
  return plan.digest !== undefined && plan.digest === planDigest(plan);
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notJson(path, text);
  }
}

/** A file of another kind says so, and which command takes it. */
function notJson(path: string, text: string): PlanFileError {
  if (/^\s*\{[^\n]*"kind":\s*"run-started"/.test(text)) {
    return new PlanFileError(
      `${path} is a journal, not a saved plan`,
      `To undo that run: rollcall revert ${path}`,
      true,
    );
  }
  if (/^apiVersion:\s*["']?rollcall\.dev\//m.test(text)) {
    return new PlanFileError(
      `${path} is a manifest, not a saved plan`,
      `To plan it: rollcall plan ${path}`,
      true,
    );
  }
  return new PlanFileError(`${path} is not a plan: it is not JSON, or was cut off`, again, true);
}

function unreadable(path: string, error: unknown): PlanFileError {
  const cause = causeOf(error);
  if (cause !== 'ENOENT')
    return new PlanFileError(`the plan ${path} cannot be read (${cause})`, again, false);
  const plans = plansIn(dirname(path));
  const hint = plans.length === 0 ? again : `Plans there: ${plans.slice(0, 3).join(', ')}`;
  return new PlanFileError(`there is no file ${path}`, hint, false);
}

/** The saved plans of a folder with their ages, the newest first. */
function plansIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    // Nothing is known of a folder that cannot be read.
    return [];
  }
  return names
    .slice(0, mostLookedAt)
    .flatMap((name) => {
      const path = join(folder, name);
      const madeAt = timeOfPlan(path);
      return madeAt === null ? [] : [{ path, ageMs: Date.now() - madeAt }];
    })
    .sort((one, other) => one.ageMs - other.ageMs)
    .map(({ path, ageMs }) => `${path} (${shownDuration(ageMs)} old)`);
}

/** Files of a folder that are opened to see whether they are plans. */
const mostLookedAt = 100;

/** When a file was written that is a plan by its beginning (plans can be long); null for any other. */
function timeOfPlan(path: string): number | null {
  let file: number | null = null;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(file);
    if (!stats.isFile()) return null;
    const start = Buffer.alloc(200);
    const begins = start.toString('utf8', 0, readSync(file, start));
    const isPlan = /^\{\s*"formatVersion":\s*"1",\s*"tool":/.test(begins) && begins.includes('"createdAt"');
    return isPlan ? stats.mtimeMs : null;
  } catch {
    // One that cannot be opened hides no other.
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

function faultOf(errors: ErrorObject[] | null | undefined): string {
  const [error] = errors ?? [];
  if (error === undefined) return 'it does not fit the format';
  const { instancePath: place, message = '' } = error;
  const lacks = /^must have required property '(.*)'$/.exec(message)?.[1];
  if (lacks !== undefined) return `${place === '' ? 'it' : place} lacks ${JSON.stringify(lacks)}`;
  return `${place === '' ? 'it' : place} ${message}`;
}

function causeOf(error: unknown): string {
  return error instanceof UnreadableFile ? error.message : reasonOf(error);
}
