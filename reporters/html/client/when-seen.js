/** Draws each figure once, when it comes near the view, and all of them before the page is printed, until it is ended.
 * @param {string} selector @param {(figure: HTMLElement) => void} draw @returns {{ figures: HTMLElement[], end: () => void }} */
export function drawWhenSeen(selector, draw) {
  const figures = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector))];
  const waiting = new Set(figures);
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) if (entry.isIntersecting) drawOnce(/** @type {HTMLElement} */ (entry.target));
    },
    { rootMargin: '200px' },
  );
  const drawOnce = (/** @type {HTMLElement} */ figure) => {
    if (!waiting.delete(figure)) return;
    observer.unobserve(figure);
    draw(figure);
  };
  for (const figure of figures) observer.observe(figure);
  const ended = new AbortController();
  const drawAll = () => {
    for (const figure of figures) drawOnce(figure);
  };
  addEventListener('beforeprint', drawAll, { signal: ended.signal });
  const end = () => {
    observer.disconnect();
    ended.abort();
  };
  return { figures, end };
}
