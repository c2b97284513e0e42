const pathLike = /^\.{0,2}[/\\]|^[a-z]:[/\\]|\.[cm]?[jt]s$/i;

/** Whether a word names a module's path, not a scenario that `plateau list` shows. */
export function isPathLike(nameOrPath: string): boolean {
  return pathLike.test(nameOrPath);
}
