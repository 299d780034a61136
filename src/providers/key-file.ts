import { createPrivateKey } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { isObject, type JsonObject, parseJson, textOf } from '../http/json.ts';

/** Far beyond any key file, in bytes. */
const largest = 64 * 1024;

/** Who a service account is, and its private key as PEM: none where the file is there for identity federation. */
export interface ServiceKey {
  readonly appId: string | null;
  readonly appSecret: string | null;
}

/**
 * The key file of a service account, or what is wrong with it, as the end of "a file that …". No message shows a byte of
 * the file. Where it says tokens are bought is not followed: a file from elsewhere could name any host.
 */
export function readKeyFile(path: string): ServiceKey | string {
  const text = contentOf(path);
  if (text === null) return 'cannot be read';
  const key = parseJson(text);
  if (!isObject(key)) return 'is not JSON, or larger than 64 KiB';
  if (key['type'] === 'external_account') return federated(key);
  if (key['type'] !== 'service_account') return 'is not the key of a service account';
  const email = textOf(key['client_email']);
  const pem = textOf(key['private_key']);
  if (email === undefined || !/^[^\s@]+@[^\s@]+$/.test(email)) return 'has no client_email';
  if (pem === undefined || !isRsaKey(pem)) return 'has no private_key that is an RSA key';
  return { appId: email, appSecret: pem };
}

/** CI systems that sign in without a key leave such a file; it names the account that it stands for. */
function federated(key: JsonObject): ServiceKey {
  const url = textOf(key['service_account_impersonation_url']) ?? '';
  const [, appId] = /\/serviceAccounts\/([^\s@/]+@[^\s@/:]+):generateAccessToken$/.exec(url) ?? [];
  return { appId: appId ?? null, appSecret: null };
}

/** The text of a regular file; empty where it is too large, null where there is none. */
function contentOf(path: string): string | null {
  let file: number;
  try {
    // Opening a pipe for reading waits for its other end unless it is told not to.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return null;
    if (stat.size > largest) return '';
    const bytes = Buffer.alloc(stat.size);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0));
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
