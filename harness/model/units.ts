/** Bytes of 1 MiB. */
export const bytesPerMebibyte = 1024 * 1024;
export const msPerMinute = 60_000;
export const msPerHour = 60 * msPerMinute;
export const msPerDay = 24 * msPerHour;
