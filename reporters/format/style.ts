import picocolors from 'picocolors';

export type Style = ReturnType<typeof picocolors.createColors>;

/** Functions that colour text, or leave it alone; nothing is said by colour alone. */
export function styleFor(color: boolean): Style {
  return picocolors.createColors(color);
}
