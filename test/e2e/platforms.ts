import { afterEach } from 'vitest';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/server.ts';
import { rollcall } from '../support/cli.ts';

const open: Emulator[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

/** The credentials that {@link tenantOf} knows, and a token that is accepted as it is. */
export const head = 'apps: [{ id: cli_demo, secret: demo-secret }]\ntokens: [u-demo]\n';

/** A server for one test; it is closed after it. */
export async function serve(
  tenant: string,
  options: Omit<EmulatorOptions, 'tenant'> = {},
): Promise<Emulator> {
  const server = await startEmulator({ tenant: head + tenant, ...options });
  open.push(server);
  return server;
}

/** The environment of a Lark app. */
export function larkEnv(url: string): Record<string, string> {
  return {
    LARK_BASE_URL: url,
    LARK_APP_ID: 'cli_demo',
    LARK_APP_SECRET: 'demo-secret',
    ROLLCALL_SETTLE: '0s',
  };
}

/** The environment of a DingTalk app. */
export function dingtalkEnv(url: string): Record<string, string> {
  return { DINGTALK_BASE_URL: url, DINGTALK_APP_KEY: 'cli_demo', DINGTALK_APP_SECRET: 'demo-secret' };
}

/** An Event; `spec` holds lines of YAML without indentation. */
export function event(name: string, provider: string, spec: string): string {
  const lines = spec.trim().split('\n');
  return `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: ${name} }
spec:
  provider: ${provider}
${lines.map((line) => `  ${line}`).join('\n')}
`;
}

/** Several documents in one file. */
export function documents(...texts: readonly string[]): string {
  return texts.join('---\n');
}

export const apply: readonly string[] = ['apply', '--auto-approve', '--quiet', '--format', 'json'];
export const plan: readonly string[] = ['plan', '--format', 'json'];

/** Runs a command whose stdout is JSON. The tests say what they expect in it. */
export async function json(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly out: Json; readonly stderr: string }> {
  const ran = await rollcall(args, { cwd, env });
  if (ran.stdout === '') throw new Error(`nothing on stdout: ${ran.stderr}`);
  return { code: ran.code, out: JSON.parse(ran.stdout), stderr: ran.stderr };
}

export type Json = ReturnType<typeof JSON.parse>;

/** What was called, in order: the method and the API's name without its platform. */
export function callsOf(server: Emulator): string[] {
  return server.requests.map(({ api }) => api.replace(/^\w+\./, ''));
}

/** The calls of one API. */
export function callsTo(server: Emulator, api: string): Emulator['requests'] {
  return server.requests.filter((request) => request.api === api);
}
