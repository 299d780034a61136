import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import type { Plan } from '../../src/model/plan.ts';
import { planHtml } from '../../src/report/html/page.ts';
import { chromiumPath } from './chromium.ts';

/** Plans as pages of a server on loopback, in a real browser. */
export interface PageBrowser {
  /** What pages asked for, as the server and as the browser saw it, since the last one was opened. */
  readonly requests: string[];
  /** What pages complained about, threw or asked in a dialog since the last one was opened. */
  readonly faults: string[];
  /**
   * Opens the page of this name, with a fragment where one is wanted. Without options it takes the place of the last one
   * that was opened without, unless that was closed.
   */
  open(name: string, options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

/** Starts the browser. There must be one: see {@link chromiumPath}. */
export async function pageBrowser(plans: Readonly<Record<string, Plan>>): Promise<PageBrowser> {
  const requests: string[] = [];
  const faults: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    const plan = plans[(request.url ?? '').slice(1)];
    response.writeHead(plan === undefined ? 404 : 200, { 'content-type': 'text/html' });
    response.end(plan === undefined ? '' : planHtml(plan));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address object.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await chromium.launch({ executablePath: chromiumPath() ?? '' });
  let opened = '';
  let plain: Page | undefined;

  async function fresh(options: BrowserContextOptions): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    page.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/${opened}`)) requests.push(request.url());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => faults.push(message.text()));
    page.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return page;
  }

  /** Opening a page takes three times as long as loading another one into it. */
  async function shared(): Promise<Page> {
    plain = plain?.isClosed() === false ? plain : await fresh({});
    // Otherwise another fragment of the same page would not load it again.
    await plain.goto('about:blank');
    return plain;
  }

  return {
    requests,
    faults,
    async open(name, options) {
      const page = options === undefined ? await shared() : await fresh(options);
      requests.length = 0;
      faults.length = 0;
      opened = name;
      await page.goto(`${origin}/${name}`);
      return page;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
