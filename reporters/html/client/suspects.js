import { airyRange, colour, plotAxes } from './plot.js';
import { valueText } from './units.js';

/** One suspect at a time beside the tree; its curve is drawn when it is first shown.
 * @param {PageData['suspects']} suspects */
export function startSuspects(suspects) {
  const panels = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('article.suspect'))];
  const links = [.../** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('a.site'))];
  /** @type {Map<number, uPlot>} */
  const plots = new Map();

  const show = (/** @type {number} */ shown) => {
    panels.forEach((panel, index) => {
      panel.hidden = index !== shown;
    });
    for (const link of links) link.toggleAttribute('aria-current', link.hash === `#suspect-${shown}`);
    const host = panels[shown]?.querySelector('.canvas');
    const series = suspects[shown]?.series;
    if (host instanceof HTMLElement && series !== undefined && !plots.has(shown))
      plots.set(shown, drawSite(host, series, suspects[shown]?.perCycle ?? { estimate: 0, unit: '' }));
  };
  for (const link of links)
    link.addEventListener('click', (event) => {
      const index = Number(link.hash.replace('#suspect-', ''));
      show(index);
      event.preventDefault();
      panels[index]?.scrollIntoView({ block: 'nearest' });
    });
  if (panels.length > 0) show(Number(links[0]?.hash.replace('#suspect-', '') ?? 0));
  addEventListener('beforeprint', () => {
    for (const panel of panels) panel.hidden = false;
  });
  return () => {
    for (const plot of plots.values()) plot.redraw(false);
  };
}

/** Live bytes or counts of one site at the floors of its pass, with the judged slope through their middle.
 * @param {HTMLElement} host @param {[number, number][]} series @param {{ estimate: number, unit: string }} perCycle */
function drawSite(host, series, perCycle) {
  const unit = perCycle.unit.split('/')[0] ?? '';
  const readout = host.parentElement?.querySelector('.readout');
  const x = series.map(([cycles]) => cycles);
  const y = series.map(([, value]) => value);
  const mean = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middle, level] = [mean(x), mean(y)];
  const plot = new uPlot(
    {
      width: host.clientWidth,
      height: host.clientHeight,
      scales: { x: { time: false }, y: { range: (_plot, low, high) => airyRange(low ?? 0, high ?? 1) } },
      axes: plotAxes(unit, () => 'cycles'),
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
      series: [
        {},
        { stroke: colour('fit'), width: 2, points: { show: false } },
        { paths: () => null, points: { show: true, size: 6, stroke: colour('floor'), fill: colour('floor') } },
      ],
      hooks: {
        setCursor: [
          (self) => {
            const at = self.cursor.idx;
            if (readout && at !== null && at !== undefined && x[at] !== undefined && y[at] !== undefined)
              readout.textContent = `cycle ${x[at].toLocaleString('en-US')} · live ${valueText(y[at], unit)}`;
          },
        ],
      },
    },
    [x, x.map((cycles) => level + perCycle.estimate * (cycles - middle)), y],
    host,
  );
  new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: host.clientHeight })).observe(host);
  return plot;
}
