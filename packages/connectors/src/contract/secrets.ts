/** What stands in place of a secret. */
export const REDACTED = "[secret]";

const SECRET_WORD = /pass|secret|token|credential|totp|otp|private|^key$|apikey|key(file)?$/i;

/** Tells whether a key's value must never be shown, going by the key's name. */
export function isSecretKey(key: PropertyKey): boolean {
  return typeof key === "string" && SECRET_WORD.test(key);
}

/** What secrets look like, each with what is kept of it. None goes over a text twice, however long a word in it is. */
const LOOKS: readonly (readonly [RegExp, string])[] = [
  // Tokens of Kappa4 itself.
  [/\bk4_[a-z]{1,8}_[0-9A-Za-z]{16,}/g, REDACTED],
  // Proxmox VE: an API token, with or without its scheme, a ticket.
  [/(![\w.-]{1,64})[=:][0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, `$1=${REDACTED}`],
  // What a header of that name brings: a scheme and its credentials, or what looks like these; cookies by their names.
  [
    /\b(authorization["']?\s*[=:]\s*["']?)(?=(?:basic|bearer|digest|negotiate|token)\s|\S{0,256}[\d=])[^\r\n"']+/gi,
    `$1${REDACTED}`,
  ],
  [/\b(cookie["']?\s*[=:]\s*["']?)(?=[\w.-]{1,64}=)[^\r\n"']+/gi, `$1${REDACTED}`],
  [
    /\b((?:x-api-key|x-auth-token|csrfpreventiontoken)["']?\s*[=:]\s*["']?)[^\s"']+/gi,
    `$1${REDACTED}`,
  ],
  [/\bPVE(AuthCookie)?[=:][^\s;,"']+/g, REDACTED],
  [/\b(bearer)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  // Words that sentences begin with too: what follows has to look like a credential.
  [
    /\b([Bb]asic|[Dd]igest|[Nn]egotiate|[Tt]oken)\s+(?=\S{0,256}(?:[\d=]|[a-z][A-Z]))[\w.~+/=-]{8,}/g,
    `$1 ${REDACTED}`,
  ],
  // Chat platforms (a bot of Discord: its number in Base64 first), and signed tokens of whoever issues them.
  [/\bx(?:ox[a-z]|app)-[\w-]{8,}/g, REDACTED],
  [/\b[MNO][A-Za-z\d]{22,27}\.[\w-]{6,7}\.[\w-]{27,}/g, REDACTED],
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, REDACTED],
  // Keys as text, and what stands before the @ of an address.
  [
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
    REDACTED,
  ],
  [/(:\/\/)[^\s/@]*@/g, `$1${REDACTED}@`],
  // Somebody writes one into a sentence, or a connection string. What stands after the path of a setting and a colon is
  // what is said of it: `gold.auth.token: must be given`; and a word after `token:` may be the next of a sentence.
  [
    /\b((?:pass(?:word|phrase|wd)?|pwd|secret|token|api[_-]?key)["']?\s*=\s*["']?)[^\s"',;]+/gi,
    `$1${REDACTED}`,
  ],
  [/(?<![.\w-])((?:pass(?:word|phrase|wd)|pwd)["']?\s*:\s*["']?)[^\s"',;]+/gi, `$1${REDACTED}`],
  [
    /(?<![.\w-])((?:secret|token|api[_-]?key)["']?\s*:\s*["']?)(?=[^\s"',;]{0,256}\d|[^\s"',;]{16})[^\s"',;]+/gi,
    `$1${REDACTED}`,
  ],
];

/** Hides what looks like a secret in a text. */
export function redactText(text: string): string {
  return LOOKS.reduce((clean, [pattern, kept]) => clean.replace(pattern, kept), text);
}

/** Hides secrets in a text. */
export type Hide = (text: string) => string;

/** Shorter ones are words that stand elsewhere too. */
const SHORTEST = 8;

/**
 * Makes a function that hides the secrets of some options in a text, wherever they stand in it and however they are
 * written, and after them whatever looks like a secret. `shortest`: how long a secret is at least to be known by its
 * value, 8 by default.
 */
export function hiding(options: unknown, shortest: number = SHORTEST): Hide {
  const forms = new Set(secretsIn(options, false).flatMap((secret) => formsOf(secret, shortest)));
  // The longest first: what is left of it must not be taken for a part.
  const known = [...forms].sort((one, other) => other.length - one.length);
  return (text) =>
    redactText(known.reduce((clean, form) => clean.replaceAll(form, REDACTED), text));
}

/** Lists what stands under secret keys, and the passwords of addresses under any. */
function secretsIn(value: unknown, isSecret: boolean): readonly string[] {
  if (typeof value === "string") {
    const inAddress = passwordsIn(value);
    return isSecret ? [value, ...partsOf(value), ...inAddress] : inAddress;
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) =>
    secretsIn(entry, isSecret || (isSecretKey(key) && !PLACE.test(key))),
  );
}

/** What only says where a secret is. */
const PLACE = /(file|path|dir)$/i;

/** The secret of `USER@REALM!NAME=SECRET`, and the lines of a key. */
function partsOf(secret: string): readonly string[] {
  const [, ofToken] = /^[^=\s]+![^=\s]+=(.+)$/.exec(secret) ?? [];
  const lines = secret.includes("\n")
    ? secret.split(/\r?\n/).filter((line) => !/^-----/.test(line))
    : [];
  return [...(ofToken === undefined ? [] : [ofToken]), ...lines];
}

function passwordsIn(text: string): readonly string[] {
  const [, written] = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/]*)@/i.exec(text) ?? [];
  if (written === undefined) return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    // A lone percent sign: it is what it says.
    return [written];
  }
}

function formsOf(secret: string, shortest: number): readonly string[] {
  if (secret.length < shortest) return [];
  const asForm = new URLSearchParams({ x: secret }).toString().slice(2);
  const asJson = JSON.stringify(secret).slice(1, -1);
  return [secret, asJson, encodeURIComponent(secret), asForm];
}
