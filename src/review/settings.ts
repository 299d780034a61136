import { addressFault, type Env, fitsHeader } from '../http/url.ts';
import { ReviewError } from './site.ts';

/** The token in a variable. Its value is in no message. */
export function tokenOf(env: Env, name: string, hint: string): string {
  const token = env[name] ?? '';
  if (token === '') throw new ReviewError(`${name} is not set`, hint);
  if (!fitsHeader(token)) {
    throw new ReviewError(
      `${name} contains spaces, line breaks or characters that no token has`,
      'Set it to the bare token.',
    );
  }
  return token;
}

/** The address of an API, without a slash at its end. A token is sent there. */
export function addressOf(env: Env, name: string, standard: string): string {
  const value = env[name] || standard;
  const fault = addressFault(value);
  if (fault !== null) throw new ReviewError(`${name} ${fault}`, `Set it like ${standard}, or unset it.`);
  return new URL(value).href.replace(/\/+$/, '');
}

/** The number in the first of these variables that is set. */
export function digitsOf(env: Env, names: readonly string[]): string {
  const name = names.find((one) => (env[one] ?? '') !== '') ?? names.join(' or ');
  const value = env[name] ?? '';
  if (/^\d{1,18}$/.test(value)) return value;
  throw new ReviewError(
    value === '' ? `${name} is not set` : `${name} is not a number`,
    'GitLab sets it in the jobs of merge request pipelines: give the job `rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }]`.',
  );
}

/** A commit's name, or null where it is none. */
export function commitOf(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9a-f]{7,64}$/.test(value) ? value : null;
}
