import { createPublicKey, verify } from 'node:crypto';

import { objectOf, type Json } from '../body.ts';
import type { Answer, Call, Context } from '../route.ts';
import { callerId } from './access.ts';
import { found, refusedToken } from './answer.ts';
import { folded } from './people.ts';
import { googlePart, type TenantAccount } from './tenant.ts';
import { googleOf } from './world.ts';

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const hour = 3_600_000;
/** How far clocks may be apart, in seconds. */
const skew = 300;

/** Why no token is handed out: HTTP status, error, and what is said of it. */
type Refusal = readonly [status: number, error: string, description: string];

const texts = {
  signature: [400, 'invalid_grant', 'Invalid JWT Signature.'],
  account: [400, 'invalid_grant', 'Invalid grant: account not found'],
  clock: [
    400,
    'invalid_grant',
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
  ],
  audience: [
    400,
    'invalid_grant',
    'Invalid JWT: Failed audience check. The right audience is the URL of this token endpoint.',
  ],
  scope: [400, 'invalid_scope', 'Empty or missing scope not allowed.'],
  subject: [400, 'invalid_grant', 'Invalid email or User ID'],
  delegation: [
    401,
    'unauthorized_client',
    'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
  ],
} as const satisfies Record<string, Refusal>;

interface Jwt {
  readonly header: Json;
  readonly claims: Json;
  readonly signed: string;
  readonly signature: Buffer;
}

/**
 * A token that a service account fetches for a user, with a JWT that it signed.
 * https://developers.google.com/identity/protocols/oauth2/service-account
 */
export function accessToken(call: Call, context: Context): Answer {
  const form = objectOf(call.body);
  const { grant_type: type, assertion } = form;
  if (typeof type !== 'string') return refusedToken(400, 'invalid_request', 'Missing parameter: grant_type');
  if (type !== grantType) return refusedToken(400, 'unsupported_grant_type', `Invalid grant_type: ${type}`);
  const jwt = typeof assertion === 'string' ? jwtOf(assertion) : undefined;
  if (jwt === undefined) return refusedToken(400, 'invalid_grant', 'Invalid JWT: it cannot be read');
  const { claims } = jwt;
  const account = googlePart(context.world.tenant).accounts?.find(
    ({ clientEmail }) => folded(clientEmail) === folded(textIn(claims, 'iss')),
  );
  const refusal = refusalOf(jwt, account, call, context);
  if (refusal !== undefined) return refusedToken(...refusal);
  const by = folded(textIn(claims, 'iss'));
  const given = textIn(claims, 'sub');
  const subject = given === '' ? by : googleOf(context.world).people.resolve(given);
  const app = { id: callerId(subject, by), secret: '', scopes: scopesIn(claims) };
  const terms = { prefix: 'ya29.', leftMs: Infinity, renewed: false, mostMs: hour };
  const { token, expire } = context.tokens.issue('google', app, context.now, terms);
  return found(call, { access_token: token, expires_in: Math.max(0, expire - 1), token_type: 'Bearer' });
}

function refusalOf(
  jwt: Jwt,
  account: TenantAccount | undefined,
  call: Call,
  context: Context,
): Refusal | undefined {
  const { claims } = jwt;
  const subject = textIn(claims, 'sub');
  const scopes = scopesIn(claims);
  if (account === undefined) return texts.account;
  if (!isSigned(jwt, account)) return texts.signature;
  if (!isTimely(claims, context.now)) return texts.clock;
  const urls = [`http://${call.headers['host'] ?? ''}/token`, 'https://oauth2.googleapis.com/token'];
  if (!urls.includes(textIn(claims, 'aud'))) return texts.audience;
  if (scopes.length === 0) return texts.scope;
  if (subject === '' || folded(subject) === folded(account.clientEmail)) return undefined;
  if (account.delegated !== true) return texts.delegation;
  if (account.scopes !== undefined && !scopes.every((one) => account.scopes?.includes(one) === true)) {
    return texts.delegation;
  }
  return googleOf(context.world).people.user(subject) === undefined ? texts.subject : undefined;
}

function isSigned({ header, signed, signature }: Jwt, { publicKey }: TenantAccount): boolean {
  if (header['alg'] !== 'RS256') return false;
  if (publicKey === undefined) return true;
  return verify('RSA-SHA256', Buffer.from(signed), createPublicKey(publicKey), signature);
}

function isTimely({ iat, exp }: Json, now: number): boolean {
  const seconds = Math.floor(now / 1000);
  if (typeof iat !== 'number' || typeof exp !== 'number') return false;
  return iat <= seconds + skew && exp > seconds - skew && exp > iat && exp - iat <= hour / 1000;
}

function scopesIn(claims: Json): readonly string[] {
  return textIn(claims, 'scope')
    .split(' ')
    .filter((scope) => scope !== '');
}

function textIn(claims: Json, name: string): string {
  const value = claims[name];
  return typeof value === 'string' ? value : '';
}

function jwtOf(text: string): Jwt | undefined {
  const [head = '', body = '', signature = '', ...rest] = text.split('.');
  if (rest.length > 0) return undefined;
  try {
    const [header, claims] = [head, body].map((part) =>
      objectOf(JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))),
    );
    if (header === undefined || claims === undefined) return undefined;
    return { header, claims, signed: `${head}.${body}`, signature: Buffer.from(signature, 'base64url') };
  } catch {
    return undefined;
  }
}
