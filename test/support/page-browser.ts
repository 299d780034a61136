import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Page, chromium } from 'playwright-core';
import type { Plan } from '../../src/model/plan.ts';
import { planHtml } from '../../src/report/html/page.ts';
import { chromiumPath } from './chromium.ts';

/** How a page is looked at. */
export interface Look {
  /** Of the window, in pixels: 1280 by 900 unless it is said. */
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** Whether its script runs. */
  readonly script?: boolean;
}

/** Plans as pages of a server on loopback, in a real browser. */
export interface PageBrowser {
  /** What pages asked for, as the server and as the browser saw it, since the last one was opened. */
  readonly requests: string[];
  /** What pages complained about, threw or asked in a dialog since the last one was opened. */
  readonly faults: string[];
  /** Opens the page of this name, with a fragment where one is wanted, in the place of the last one. */
  open(name: string, look?: Look): Promise<Page>;
  close(): Promise<void>;
}

/** Starts the browser. There must be one: see {@link chromiumPath}. */
export async function pageBrowser(plans: Readonly<Record<string, Plan>>): Promise<PageBrowser> {
  const requests: string[] = [];
  const faults: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://127.0.0.1');
    requests.push(pathname);
    const plan = plans[pathname.slice(1)];
    response.writeHead(plan === undefined ? 404 : 200, { 'content-type': 'text/html' });
    response.end(plan === undefined ? '' : planHtml(plan));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address object.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await chromium.launch({ executablePath: chromiumPath() ?? '' });
  // One for all: a context of its own takes the browser a second.
  const page = await browser.newPage();
  const wire = await page.context().newCDPSession(page);
  let opened = '';
  let loads = 0;
  page.on('request', (request) => {
    if (!request.url().startsWith(opened)) requests.push(request.url());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => faults.push(message.text()));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });

  return {
    requests,
    faults,
    async open(name, { width = 1280, height = 900, colorScheme = 'light', script = true } = {}) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ media: null, colorScheme });
      await wire.send('Emulation.setScriptExecutionDisabled', { value: !script });
      requests.length = 0;
      faults.length = 0;
      const [path = '', fragment] = name.split('#');
      // A number each time: otherwise another fragment of the same page would not load it again.
      loads += 1;
      opened = `${origin}/${path}?${loads}`;
      await page.goto(fragment === undefined ? opened : `${opened}#${fragment}`);
      return page;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
