import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';

export const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

export interface BrowserPages {
  /** What the page opened last wrote to its console, threw, or asked the network for. */
  readonly complaints: readonly string[];
  /** A page opened from disk, as a user opens it. */
  open(html: string, options?: BrowserContextOptions): Promise<Page>;
  /** A page of a server. */
  visit(url: string, options?: BrowserContextOptions): Promise<Page>;
}

/** One headless browser for the tests of a `describe` block; each page is closed after its test. */
export function browserPages(): BrowserPages {
  let browser: Browser;
  let directory: string;
  const complaints: string[] = [];
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'plateau-page-'));
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  async function visit(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    complaints.length = 0;
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.isNavigationRequest() && !request.url().startsWith('data:')) complaints.push(request.url());
    });
    await page.goto(url);
    return page;
  }
  return {
    complaints,
    visit,
    async open(html, options = {}) {
      const path = join(directory, 'page.html');
      await writeFile(path, html);
      return visit(pathToFileURL(path).href, options);
    },
  };
}
