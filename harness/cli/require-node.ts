/**
 * Imported before everything else: an older Node would fail in some package, with a message that says nothing of Node.
 * The number is that of `engines` in package.json.
 */
const required = [20, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < required[0] || (major === required[0] && minor < required[1])) {
  process.stderr.write(
    `plateau needs Node ${required.join('.')} or newer, got Node ${process.versions.node}.\n` +
      'Try: install a newer Node, or name one: /path/to/node node_modules/.bin/plateau\nPLATEAU_OLD_NODE\n',
  );
  process.exit(3);
}
