/** What tests run within a page: each function stands alone. */

/** A point of a curve that has a floor colour on it: drawn for real, not only laid out. */
export function paintedPixels(canvas: HTMLCanvasElement): number {
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  let painted = 0;
  for (let index = 0; index < data.length; index += 4) {
    const [red = 0, , blue = 0, alpha = 0] = data.subarray(index, index + 4);
    if (alpha > 200 && blue - red > 60) painted += 1;
  }
  return painted;
}

/** Texts whose contrast with what is behind them is below 4.5 to 1 (WCAG 2 AA). */
export function faintTexts(): string[] {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true })!;
  /** Colours painted one over the other, as they are seen. */
  const seen = (colours: readonly string[]) => {
    pen.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
    }
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (channels: number[]) => {
    const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const faint: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element === null || !node.textContent?.trim() || element.closest('script, .hidden, .skip, button:disabled'))
      continue;
    if (!element.checkVisibility()) continue;
    const behind: string[] = [];
    for (let one: Element | null = element; one !== null; one = one.parentElement)
      behind.unshift(getComputedStyle(one).backgroundColor);
    const [text, ground] = [luminance(seen([...behind, getComputedStyle(element).color])), luminance(seen(behind))];
    const contrast = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
    if (contrast < 4.5) faint.push(`${node.textContent.trim().slice(0, 40)}: ${contrast.toFixed(2)}`);
  }
  return faint;
}
