import { existsSync } from 'node:fs';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.js';
import type { SampleTable } from '../../harness/model/sample.js';
import { htmlReport } from '../../reporters/index.js';
import { browserPages, executablePath } from '../support/browser-pages.js';
import { leakRecord } from '../support/leak-record.js';
import { nastyRecord } from '../support/nasty-record.js';
import { allRecords } from '../support/run-records.js';
import { daySamples, leakSamples } from '../support/sample-tables.js';
import { faintTexts, paintedPixels } from './in-page.js';

describe.skipIf(!existsSync(executablePath))(`HTML report in ${executablePath}`, () => {
  const pages = browserPages();

  const open = (record: RunRecord, samples: SampleTable | undefined, options: BrowserContextOptions = {}) =>
    pages.open(htmlReport(record, samples, { directory: '/srv/app' }), options);

  const curve = (page: Page, metric: string) => page.locator(`figure.curve[data-metric="${metric}"]`);

  for (const [name, record] of Object.entries(allRecords))
    it(`shows ${name} without a complaint or a request`, async () => {
      const page = await open(record, name === 'crashed' ? undefined : leakSamples());
      await expect(page.locator('h1').textContent()).resolves.toContain(
        name === 'nasty' ? '</script><img' : record.scenario,
      );
      await expect(page.locator('.word').textContent()).resolves.toMatch(new RegExp(`^[✓✗?] ${record.verdict}$`));
      expect(pages.complaints).toEqual([]);
    });

  it('runs nothing that a target wrote, nor anything put into it later', async () => {
    const page = await open(nastyRecord, leakSamples());
    expect(await page.evaluate('globalThis.pwned')).toBeUndefined();
    expect(await page.locator('img, iframe, object').count()).toBe(0);
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.pwned = 1';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="globalThis.pwned = 1">');
    });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0))));
    expect(await page.evaluate('globalThis.pwned')).toBeUndefined();
  });

  it('draws a curve when it comes into view', async () => {
    const page = await open(leakRecord, leakSamples());
    for (const metric of ['gauge.commitLocks', 'heapUsed', 'handles']) {
      await curve(page, metric).scrollIntoViewIfNeeded();
      const canvas = curve(page, metric).locator('canvas');
      await canvas.waitFor();
      await expect.poll(() => canvas.evaluate(paintedPixels)).toBeGreaterThan(100);
    }
    expect(await curve(page, 'cpuIdle').locator('canvas').count()).toBe(0);
    await page.locator('details.folded:last-of-type summary').click();
    await curve(page, 'cpuIdle').scrollIntoViewIfNeeded();
    await curve(page, 'cpuIdle').locator('canvas').waitFor();
  });

  it('shows the values under the cursor, on either axis', async () => {
    const page = await open(leakRecord, leakSamples());
    const figure = curve(page, 'gauge.commitLocks');
    await figure.scrollIntoViewIfNeeded();
    const readout = figure.locator('.readout');
    await expect.poll(() => readout.textContent()).toBe('61 floors · 220 → 13,200');
    await figure.locator('.u-over').hover();
    await expect.poll(() => readout.textContent()).toMatch(/^cycle 6,\d+ · floor 6,\d+ · slope 6,\d+/);
    await page.getByRole('radio', { name: 'time' }).check();
    await figure.locator('.u-over').hover();
    await expect.poll(() => readout.textContent()).toMatch(/^[56]\.\d+ s · floor 6,\d+/);
  });

  it('zooms all curves together, and back', async () => {
    const page = await open(leakRecord, leakSamples());
    const [figure, other] = [curve(page, 'gauge.commitLocks'), curve(page, 'heapUsed')];
    await other.scrollIntoViewIfNeeded();
    await other.locator('canvas').waitFor();
    await figure.scrollIntoViewIfNeeded();
    const reset = page.getByRole('button', { name: 'Show all of the run' });
    expect(await reset.isDisabled()).toBe(true);
    const before = await other.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const box = (await figure.locator('.u-over').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => reset.isDisabled()).toBe(false);
    await expect
      .poll(() => other.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL()))
      .not.toBe(before);
    await page.mouse.move(box.x + 2, box.y + 40);
    await expect.poll(() => figure.locator('.readout').textContent()).toMatch(/^cycle 6,[5-9]\d\d/);
    await page.mouse.dblclick(box.x + box.width / 2, box.y + 40);
    await expect.poll(() => reset.isDisabled()).toBe(true);
  });

  it('is moved and zoomed by keys', async () => {
    const page = await open(leakRecord, leakSamples());
    const figure = curve(page, 'gauge.commitLocks');
    await figure.scrollIntoViewIfNeeded();
    await figure.locator('canvas').waitFor();
    await figure.locator('.canvas').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => figure.locator('.readout').textContent()).toMatch(/^cycle \d+ · floor/);
    await page.keyboard.press('+');
    const reset = page.getByRole('button', { name: 'Show all of the run' });
    await expect.poll(() => reset.isDisabled()).toBe(false);
    await page.keyboard.press('Escape');
    await expect.poll(() => reset.isDisabled()).toBe(true);
  });

  it('shows the suspect that was clicked, with its series', async () => {
    const page = await open(leakRecord, leakSamples());
    await page.locator('a.site', { hasText: 'Promise and closure' }).click();
    const panel = page.locator('#suspect-1');
    expect(await panel.isVisible()).toBe(true);
    expect(await page.locator('#suspect-0').isVisible()).toBe(false);
    await expect.poll(() => panel.locator('canvas').evaluate(paintedPixels)).toBeGreaterThan(50);
    expect(await panel.textContent()).toContain('p-queue@8.0.1');
  });

  it('leaves floors that grow room, and shows load whole or not at all when asked', async () => {
    const page = await open(leakRecord, leakSamples());
    const figure = curve(page, 'heapUsed');
    await figure.scrollIntoViewIfNeeded();
    const canvas = figure.locator('canvas');
    await canvas.waitFor();
    const picture = () => canvas.evaluate((one: HTMLCanvasElement) => one.toDataURL());
    const seen = new Set([await picture()]);
    for (const view of ['whole', 'hidden']) {
      await page.getByLabel('under load').selectOption(view);
      await expect.poll(async () => seen.has(await picture())).toBe(false);
      seen.add(await picture());
    }
  });

  it('finds metrics by name', async () => {
    const page = await open(leakRecord, leakSamples());
    await page.getByPlaceholder('Find a metric').fill('FDS');
    expect(
      await page
        .locator('figure.curve[data-chart]:visible')
        .evaluateAll((figures) => figures.map((one) => one.dataset.metric)),
    ).toEqual(['fds', 'fds.file', 'fds.socket']);
  });

  it('follows the system into the dark, and the button out of it', async () => {
    const page = await open(leakRecord, leakSamples(), { colorScheme: 'dark' });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await ground();
    await page.getByRole('button', { name: 'Colours: automatic' }).click();
    expect(await ground()).not.toBe(dark);
    await page.getByRole('button', { name: 'Colours: light' }).click();
    expect(await ground()).toBe(dark);
    await page.reload();
    expect(await page.getByRole('button', { name: 'Colours: dark' }).count()).toBe(1);
  });

  for (const colorScheme of ['light', 'dark'] as const)
    it(`has text of enough contrast when ${colorScheme}`, async () => {
      const page = await open(leakRecord, leakSamples(), { colorScheme });
      await page.locator('details').evaluateAll((all) => {
        for (const one of all) (one as HTMLDetailsElement).open = true;
      });
      expect(await page.evaluate(faintTexts)).toEqual([]);
    });

  it('has one heading of the first level and skips none', async () => {
    const page = await open(leakRecord, leakSamples());
    const levels = await page
      .locator('h1, h2, h3, h4')
      .evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, index) => {
      expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
  });

  for (const width of [400, 1280])
    it(`fits ${width} pixels, whatever a target calls itself`, async () => {
      for (const record of [leakRecord, nastyRecord]) {
        const page = await open(record, leakSamples(), { viewport: { width, height: 800 } });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    });

  it('draws a day of 50 metrics with its one spike', async () => {
    const page = await open(leakRecord, daySamples().table);
    await page.locator('details.folded:last-of-type summary').click();
    const figure = curve(page, 'gauge.metric1');
    await figure.scrollIntoViewIfNeeded();
    await figure.locator('canvas').waitFor();
    await page.getByRole('radio', { name: 'time' }).check();
    // A pixel of this curve is 200 s wide, so the spike is looked for a few pixels around its place.
    const aroundSpike = async () => {
      const box = (await figure.locator('.u-over').boundingBox())!;
      const readouts: (string | null)[] = [];
      for (const aside of [-2, -1, 0, 1, 2]) {
        await page.mouse.move(box.x + (box.width * 51_234) / 86_400 + aside, box.y + 40);
        readouts.push(await figure.locator('.readout').textContent());
      }
      return readouts.join('\n');
    };
    await expect.poll(aroundSpike).toMatch(/^14h 1\dm .*under load 20 to 9,999$/m);
    expect(pages.complaints).toEqual([]);
  });
});
