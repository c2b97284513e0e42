import type { Redact } from '../../model/redact.js';

/** The words of a command line without secrets; every cookie is one, whatever its name. */
export function redactWords(words: readonly string[], redact: Redact): string[] {
  return words.map((word, index) => {
    if (words[index - 1] === '--cookie') return redactCookies(word, redact);
    const option = /^--cookie=/.exec(word)?.[0];
    return option === undefined ? redact(word) : option + redactCookies(word.slice(option.length), redact);
  });
}

/** A value that the environment holds is shown by the name of its variable. */
function redactCookies(text: string, redact: Redact): string {
  const cookies = redact(text).split(';');
  return cookies.map((cookie) => (cookie.includes('{env:') ? cookie : cookie.replace(/=.*/s, '=[redacted]'))).join(';');
}
