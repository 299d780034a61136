import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmulator } from '../../src/emulator/server.ts';
import { chromiumPath } from '../support/chromium.ts';
import { rollcall, root } from '../support/cli.ts';
import { rollcallInTerminal } from '../support/pty.ts';
import { emulatorEnv } from '../../src/cli/commands/emulator.ts';
import { withSource } from './png-source.ts';
import { terminalSvg } from './terminal-svg.ts';

const width = 112;

// A day of their own, so that the pictures do not age.
const plan = ['plan', 'manifests', '--as-of', '2026-11-21'];

/** The plan of the demo on a terminal, as a picture. */
export async function planSvg(): Promise<string> {
  const args = [...plan, '--target', 'launch-review', '--target', 'platform-weekly'];
  const { code, output } = await inDemo((options) =>
    rollcallInTerminal([...args, '--no-progress'], { ...options, columns: width }),
  );
  if (code !== 0) throw new Error(`rollcall plan ended with ${code}: ${output}`);
  return terminalSvg(`$ rollcall ${args.join(' ')}\n${output}`, {
    width,
    title: 'rollcall plan on a terminal',
  });
}

/** The HTML report of the demo's plan, without what another run has otherwise: when, where and by which version. */
export async function planPage(): Promise<string> {
  const { code, stdout, stderr } = await inDemo((options) =>
    rollcall([...plan, '--format', 'html'], options),
  );
  if (code !== 0) throw new Error(`rollcall plan ended with ${code}: ${stderr}`);
  const [, iso = '', made = ''] = /<dt>Made<.*?datetime="([^"]+)">([^<]+)</.exec(stdout) ?? [];
  return stdout
    .replaceAll(iso, '2026-11-21T02:00:00.000Z')
    .replaceAll(made, 'Sat 2026-11-21 10:00 Asia/Shanghai')
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'DIGEST')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:8080')
    .replaceAll(/rollcall \d+\.\d+\.\d+/g, 'rollcall VERSION');
}

/** What a picture of a page says of it. */
export function recordOf(page: string): string {
  return `sha256:${createHash('sha256').update(page).digest('hex')}`;
}

/** A picture of the top of a page, which says which page that was. */
export async function pagePng(page: string): Promise<Buffer> {
  // Tests that draw nothing need not load it.
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: chromiumPath() ?? '' });
  try {
    const tab = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    await tab.setContent(page);
    return withSource(await tab.screenshot(), recordOf(page));
  } finally {
    await browser.close();
  }
}

/** What pictures of pages take; throws an Error that says what is missing. */
export function needsForPng(): void {
  if (chromiumPath() === null) throw new Error('there is no Chromium: install one, or name it in $CHROMIUM');
  if (execFileSync('fc-list', [':lang=zh']).length === 0)
    throw new Error('there is no font for Chinese, and names would be boxes: install fonts-noto-cjk');
}

async function inDemo<T>(
  work: (options: { cwd: string; env: Record<string, string> }) => Promise<T>,
): Promise<T> {
  const server = await startEmulator({ tenant: readFileSync(join(root, 'examples/tenant.yaml'), 'utf8') });
  try {
    const env = { ...emulatorEnv(server), ROLLCALL_SETTLE: '0s', ROLLCALL_TIME_ZONE: 'Asia/Shanghai' };
    return await work({ cwd: join(root, 'examples'), env });
  } finally {
    await server.close();
  }
}
