import { startCurves } from './curves.js';
import { startOverlays } from './overlays.js';
import { startSuspects } from './suspects.js';
import { startTheme } from './theme.js';

/** Buttons that put the command beside them on the clipboard. */
function startCopying() {
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('button.copy'))) {
    const code = /** @type {HTMLElement} */ (button.previousElementSibling);
    button.hidden = false;
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(code.textContent ?? '');
        button.textContent = 'Copied';
      } catch {
        getSelection()?.selectAllChildren(code);
        button.textContent = 'Selected';
      }
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 1_500);
    });
  }
}

const pageData = /** @type {PageData} */ (JSON.parse(document.getElementById('data')?.textContent ?? '{}'));
/** Redraw what is on a canvas, in the colours that are on now. @type {(() => void)[]} */
const redraws = [];
startTheme(() => {
  for (const redraw of redraws) redraw();
});
startCopying();
redraws.push(startSuspects(pageData.suspects));
if (pageData.overlays !== undefined && pageData.overlays.length > 0) redraws.push(startOverlays(pageData.overlays));
if (pageData.curves !== undefined && pageData.curves.charts.length > 0)
  redraws.push(startCurves(pageData.curves).redraw);
