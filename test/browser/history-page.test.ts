import { existsSync } from 'node:fs';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { historyTrends } from '../../harness/analyse/nights/history-changes.js';
import type { SeriesTrends } from '../../harness/model/history.js';
import { htmlHistory } from '../../reporters/index.js';
import { browserPages, executablePath } from '../support/browser-pages.js';
import { nightEntry } from '../support/nights.js';

const evil = '</script><img src=x onerror="globalThis.pwned=1">';

function trends(nights = 12): SeriesTrends[] {
  return historyTrends(
    Array.from({ length: nights }, (_, index) => index + 1).flatMap((number) => [
      nightEntry({ number, gaugeSlope: number >= 6 ? 1 : 0, heapSlope: number >= 6 ? 160 : 0 }),
      nightEntry({ number, scenario: 'shop/search', cyclesPerSecond: number >= 6 ? 300 : 400 }),
      nightEntry({ number, scenario: `shop/${evil}`, variant: evil }),
    ]),
  );
}

describe.skipIf(!existsSync(executablePath))(`history page in ${executablePath}`, () => {
  const pages = browserPages();
  const shown = trends();

  const open = (all: readonly SeriesTrends[], options: BrowserContextOptions = {}) =>
    pages.open(htmlHistory(all), options);

  const curve = (page: Page, metric: string, quantity = 'slope') =>
    page.locator(`figure.curve[data-metric="${metric}"][data-quantity="${quantity}"]`).first();

  it('draws every curve without a complaint or a request', async () => {
    const page = await open(shown);
    await page.locator('details').evaluateAll((all) => {
      for (const one of all) (one as HTMLDetailsElement).open = true;
    });
    const figures = page.locator('figure.curve');
    const count = await figures.count();
    expect(count).toBeGreaterThan(15);
    for (let at = 0; at < count; at += 1) {
      await figures.nth(at).scrollIntoViewIfNeeded();
      await figures.nth(at).locator('canvas').waitFor();
    }
    expect(await page.evaluate('globalThis.pwned')).toBeUndefined();
    expect(pages.complaints).toEqual([]);
  });

  it('puts what fails first, and says since which commit', async () => {
    const page = await open(shown);
    const names = await page.locator('section.series h2').allTextContents();
    expect(names[0]).toBe('shop/carts');
    await expect(page.locator('.series-list li').first().textContent()).resolves.toMatch(
      /shop\/carts\s*✗ leak since 2026-03-06 \(0006c0f\)\s*2 changes/,
    );
    await expect(curve(page, 'gauge.carts').locator('.changes').textContent()).resolves.toContain(
      '0/cycle → 1/cycle since 2026-03-06 (0006c0f)',
    );
    await expect(curve(page, 'throughput', 'level').count()).resolves.toBe(1);
  });

  it('shows the night under the cursor, and of the whole scenario at once', async () => {
    const page = await open(shown);
    const [figure, other] = [curve(page, 'gauge.carts'), curve(page, 'heapUsed')];
    await figure.locator('canvas').waitFor();
    await other.locator('canvas').waitFor();
    const box = (await figure.locator('.u-over').boundingBox())!;
    await page.mouse.move(box.x + (box.width * 2.5) / 12, box.y + 40);
    await expect
      .poll(() => figure.locator('.readout').textContent())
      .toMatch(/^0\/cycle .* plateau · 2026-03-03 · 0003c0f$/);
    await expect.poll(() => other.locator('.readout').textContent()).toContain('2026-03-03');
    await figure.locator('.canvas').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => figure.locator('.readout').textContent()).toContain('2026-03-04');
  });

  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [400, 1280])
      it(`fits ${width} pixels when ${colorScheme}`, async () => {
        const page = await open(shown, { viewport: { width, height: 800 }, colorScheme });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        expect(pages.complaints).toEqual([]);
      });

  it('has one heading of the first level and skips none', async () => {
    const page = await open(shown);
    const levels = await page
      .locator('h1, h2, h3, h4')
      .evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, index) => {
      expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
  });

  it('shows one run, and none', async () => {
    const single = await open(trends(1));
    await curve(single, 'heapUsed').locator('canvas').waitFor();
    expect(pages.complaints).toEqual([]);
    const page = await open([]);
    await expect(page.locator('h1').textContent()).resolves.toBe('History');
    expect(pages.complaints).toEqual([]);
  });
});
