/** The numbers that `packNumbers` packed; NaN for what was not read.
 * @param {PackedNumbers} packed @returns {number[]} */
export function unpackNumbers(packed) {
  if ('constant' in packed) return new Array(packed.length).fill(packed.constant ?? Number.NaN);
  const bytes = Uint8Array.from(atob(packed.data), (character) => character.charCodeAt(0));
  const kinds = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array, f64: Float64Array };
  return Array.from(new kinds[packed.type](bytes.buffer), (value) => value + packed.offset);
}

/** uPlot knows gaps as null. @param {number | undefined} value @returns {Cell} */
export function cell(value) {
  return value === undefined || Number.isNaN(value) ? null : value;
}
