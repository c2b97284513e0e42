const schemes = /** @type {const} */ (['light dark', 'light', 'dark']);
const schemeNames = { 'light dark': 'automatic', light: 'light', dark: 'dark' };
const storageKey = 'plateau.scheme';

/** Colours of the style sheet as the canvas needs them, in the scheme that is on.
 * @type {Record<string, string>} */
export const palette = {};

function readPalette() {
  const probe = document.createElement('span');
  document.body.append(probe);
  for (const name of [
    'text',
    'muted',
    'grid',
    'floor',
    'other',
    'load',
    'load-fill',
    'fit',
    'band',
    'warmup',
    'ground',
    'before',
    'after',
  ]) {
    probe.style.color = `var(--${name})`;
    palette[name] = getComputedStyle(probe).color;
  }
  probe.remove();
}

/** A stored choice may be unreadable where a browser keeps nothing for files. @returns {string | null} */
function storedScheme() {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

/** @param {string} scheme */
function storeScheme(scheme) {
  try {
    localStorage.setItem(storageKey, scheme);
  } catch {
    // The choice then holds for this page alone.
  }
}

/** Light, dark, or as the system has it. @param {() => void} onChange */
export function startTheme(onChange) {
  const button = /** @type {HTMLButtonElement} */ (document.querySelector('button.theme'));
  let scheme = schemes.find((one) => one === storedScheme()) ?? schemes[0];
  const apply = () => {
    document.documentElement.style.colorScheme = scheme;
    button.textContent = `Colours: ${schemeNames[scheme]}`;
    readPalette();
    onChange();
  };
  button.hidden = false;
  button.addEventListener('click', () => {
    scheme = schemes[(schemes.indexOf(scheme) + 1) % schemes.length] ?? schemes[0];
    storeScheme(scheme);
    apply();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
  apply();
}
