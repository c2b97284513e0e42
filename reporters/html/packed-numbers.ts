/**
 * Numbers in as few characters as keep them exact: one value for a constant, else a base64 array of `value - offset`,
 * little-endian, in the smallest of 8, 16, 32-bit integers and 32 and 64-bit floats that gives every value back.
 * Why offsets: a 32-bit float holds the difference of two sizes of a heap of gigabytes, but not the sizes. The page unpacks
 * them in `client/numbers.js`.
 */
export type PackedNumbers =
  | { readonly length: number; readonly constant: number | null }
  | { readonly length: number; readonly offset: number; readonly type: PackedType; readonly data: string };

type PackedType = 'u8' | 'u16' | 'u32' | 'f32' | 'f64';

const arrays = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

/** @param values finite, or NaN for what was not read */
export function packNumbers(values: readonly number[]): PackedNumbers {
  const first = values[0] ?? Number.NaN;
  if (values.every((value) => Object.is(value, first)))
    return { length: values.length, constant: Number.isNaN(first) ? null : first };
  let offset = Number.POSITIVE_INFINITY;
  for (const value of values) if (value < offset) offset = value;
  const type = typeMin(values, offset);
  // 64-bit values stand as they are: taking an offset off could round them.
  const base = type === 'f64' ? 0 : offset;
  const array = new arrays[type](values.length);
  values.forEach((value, index) => {
    array[index] = value - base;
  });
  return { length: values.length, offset: base, type, data: Buffer.from(array.buffer).toString('base64') };
}

function typeMin(values: readonly number[], offset: number): PackedType {
  const candidates = ['u8', 'u16', 'u32', 'f32'] as const;
  const holds = (type: (typeof candidates)[number]) => {
    const cell = new arrays[type](1);
    return values.every((value) => {
      cell[0] = value - offset;
      return Object.is(cell[0]! + offset, value);
    });
  };
  return candidates.find(holds) ?? 'f64';
}
