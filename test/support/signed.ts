import { generateKeyPairSync } from 'node:crypto';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { folderWith } from './cli.ts';

/** The service account of the tests. */
export const robot = 'rollcall@demo.iam.gserviceaccount.com';

/** A key pair, as PEM. */
export function keyPair(): { readonly publicKey: string; readonly privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** The path of a key file of the service account, in a folder of its own. */
export function keyFileOf(privateKey: string): string {
  const key = { type: 'service_account', client_email: robot, private_key: privateKey };
  return join(folderWith({ 'key.json': JSON.stringify(key) }), 'key.json');
}

export interface Relay {
  readonly url: string;
  close(): void;
}

/** Hands requests for tokens on to a server, as they came, and tells what was signed: the server itself keeps none. */
export async function relayTo(url: string, told: (assertion: string) => void): Promise<Relay> {
  const relay = createServer((asked, answer) => {
    const chunks: Buffer[] = [];
    asked.on('data', (chunk: Buffer) => chunks.push(chunk));
    asked.on('end', () => {
      const body = Buffer.concat(chunks);
      told(new URLSearchParams(body.toString()).get('assertion') ?? '');
      const { method = 'POST', headers } = asked;
      const passed = request(new URL(asked.url ?? '/', url), { method, headers }, (answered) => {
        answer.writeHead(answered.statusCode ?? 500, answered.headers);
        answered.pipe(answer);
      });
      passed.end(body);
    });
  });
  await new Promise<void>((resolve) => {
    relay.listen(0, '127.0.0.1', resolve);
  });
  // A TCP server has an address of this shape while it listens.
  const { port } = relay.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void relay.close() };
}
