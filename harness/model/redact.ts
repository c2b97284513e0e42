/** Takes secrets out of a text that is kept or shown. */
export type Redact = (text: string) => string;

const removed = '[redacted]';

/** Shorter values occur in texts by chance, and what is that short is no secret. */
const valueLengthMin = 8;

/** What the name of a variable ends in when its value is a secret; `SSH_AUTH_SOCK` and `XDG_SESSION_ID` do not. */
const secretVariable =
  /(?:PASS|PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|TOKEN|(?:API|ACCESS|PRIVATE|SECRET|SIGNING|ENCRYPTION)_?KEY|CREDENTIALS?|COOKIE|AUTH|_PAT)$/i;

const named =
  '(?:password|passwd|passphrase|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential|session[-_]?id)[\\w-]{0,40}';
/** A count or a size, such as that of a gauge of tokens, is none. */
const notNumber = '(?!\\d+(?:\\.\\d+)?(?:B|[KMG]iB|ms|s|m|h)?(?![^\\s"\'&,;)]))';

/** Forms in which secrets are written; lengths are bounded, so that no text takes more than linear time. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,10000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g, removed],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s/?#@:'"<>]{0,256}):[^\s/?#'"<>]{1,256}@/gi, `$1:${removed}@`],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@:'"<>]{16,256}@/gi, `$1${removed}@`],
  [
    /\b((?:proxy-)?authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:bearer|basic|digest|token|negotiate)\s)[^\r\n"']{1,4096}/gi,
    `$1${removed}`,
  ],
  [/\b((?:bearer|basic)\s{1,4})(?=[\w+/.~-]{0,512}[\d=])[\w+/.~-]{8,4096}={0,2}/gi, `$1${removed}`],
  [/\b((?:set-)?cookie["']?\s{0,4}[:=]\s{0,4}["']?[\w.~-]{1,100}=)[^\r\n"']{1,4096}/gi, `$1${removed}`],
  [
    new RegExp(`(${named}\\s{0,4}["']?\\s{0,4}[:=]\\s{0,4})(["'])(?!\\2)${notNumber}.{1,4096}?\\2`, 'gi'),
    `$1$2${removed}$2`,
  ],
  [new RegExp(`(${named}=)${notNumber}[^\\s"'&,;)]{1,4096}`, 'gi'), `$1${removed}`],
  [
    new RegExp(
      `((?:${named}|(?:proxy-)?authorization|x-[\\w-]{0,40}(?:key|auth)):\\s{0,4})${notNumber}[^\\s"'&,;)]{4,4096}(?=["'&,;)]|\\s*$)`,
      'gim',
    ),
    `$1${removed}`,
  ],
  [new RegExp(`(--[\\w-]{0,40}${named}\\s{1,4})(?!-)${notNumber}[^\\s"']{1,4096}`, 'gi'), `$1${removed}`],
  [/([?&](?:sig|signature|x-amz-signature|x-goog-signature|key|code|auth)=)[^\s"'&#<>]{4,4096}/gi, `$1${removed}`],
  [/\beyJ[\w-]{8,4096}\.[\w-]{8,4096}\.[\w-]{0,4096}/g, removed],
  [
    /\b(?:gh[opsur]_\w{20,255}|github_pat_\w{20,255}|glpat-[\w-]{16,255}|xox[abeoprs]-[\w-]{10,255}|sk-[\w-]{16,255}|npm_\w{30,255}|AIza[\w-]{30,255}|(?:AKIA|ASIA)[A-Z0-9]{16})\b/g,
    removed,
  ],
];

/** No form matches a text without one of these; most lines of a log have none. */
const hint =
  /pass|pwd|secret|token|key|credential|session|auth|cookie|bearer|basic|sig|code=|@|eyJ|gh[opsur]_|github_pat|glpat-|xox|sk-|npm_|AIza|AKIA|ASIA/i;

/**
 * Redacts by form (credentials in addresses, headers that authorize, cookies, what is assigned to a name of a secret, the
 * tokens of well-known services) and by value: of a variable whose name is that of a secret, wherever it occurs. The latter
 * becomes `{env:NAME}`, which requests understand, so that a command that is run again reads it from there.
 * @param environment variables of plateau and of its target
 * @param secrets texts that are known to be secret
 */
export function createRedactor(
  environment: Readonly<Record<string, string | undefined>>,
  secrets: readonly string[] = [],
): Redact {
  const names = valuesOf(environment, secrets);
  const values = [...names.keys()].sort((one, other) => other.length - one.length).map(escaped);
  const known = values.length === 0 ? undefined : new RegExp(values.join('|'), 'g');
  return (text) => {
    const byValue = known === undefined ? text : text.replace(known, (value) => names.get(value) ?? removed);
    if (!hint.test(byValue)) return byValue;
    return forms.reduce((left, [form, by]) => left.replace(form, (...found) => keepVariable(found, by)), byValue);
  };
}

/** A reference to a variable is no secret: it stays where it is all that a form would take out. */
function keepVariable(found: readonly unknown[], by: string): string {
  const all = String(found[0]);
  if (/\{env:\w+\}/.test(all)) return all;
  return by.replace(/\$(\d)/g, (_, group: string) => String(found[Number(group)] ?? ''));
}

function valuesOf(
  environment: Readonly<Record<string, string | undefined>>,
  secrets: readonly string[],
): Map<string, string> {
  const isSecret = (text: string) => text.length >= valueLengthMin && !text.includes('{');
  const names = new Map(secrets.filter(isSecret).map((text) => [text, removed]));
  for (const [name, value = ''] of Object.entries(environment)) {
    const [, password] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@:]*:([^/?#]+)@/i.exec(value) ?? [];
    const isPath = /^(?:\/|[A-Za-z]:\\|\.)/.test(value);
    const secret = secretVariable.test(name) && !isPath ? value : undefined;
    for (const text of [secret, password]) {
      if (text === undefined || text.length < valueLengthMin) continue;
      const shown = text === secret ? `{env:${name}}` : removed;
      names.set(text, shown);
      names.set(encodeURIComponent(text), shown);
    }
  }
  return names;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}

/** A plain value with all of its texts redacted; names of fields stay. */
export function redacted<Value>(value: Value, redact: Redact): Value {
  if (typeof value === 'string') return redact(value) as Value;
  if (Array.isArray(value)) return value.map((each) => redacted<unknown>(each, redact)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, redacted<unknown>(each, redact)]),
  ) as Value;
}
