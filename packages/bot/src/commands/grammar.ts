/** A typed line, taken apart. */
export interface Words {
  /** Words without a name, in order. */
  readonly plain: readonly string[];
  /** Values by name, from `--name value`, `--name=value` and `name=value`; a name alone has the value `true`. */
  readonly named: Readonly<Record<string, string>>;
  /** What stands behind ` -- `. */
  readonly rest: string | undefined;
}

/**
 * Takes a typed line apart. Quotes keep words together; chat programs that turn quotes and double dashes into
 * typographic ones are understood. Returns a sentence when a quote is left open.
 */
export function readWords(text: string): Words | { readonly problem: string } {
  const tokens = tokenise(text);
  if ("problem" in tokens) return tokens;
  const plain: string[] = [];
  const named: Record<string, string> = {};
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    const option = token.quoted ? undefined : readOption(token.text);
    if (token.text === "--" && !token.quoted) {
      return { plain, named, rest: text.slice(token.end).trim() };
    }
    if (option === undefined && !token.quoted && token.text.startsWith("--")) {
      return { problem: `${token.text} is no option; options look like --name or --name value.` };
    }
    if (option === undefined) {
      plain.push(token.text);
      continue;
    }
    const next = tokens[index + 1];
    const takesNext = option.value === undefined && next !== undefined && isValue(next);
    named[option.name] = option.value ?? (takesNext ? next.text : "true");
    if (takesNext) index += 1;
  }
  return { plain, named, rest: undefined };
}

interface Token {
  readonly text: string;
  readonly quoted: boolean;
  /** Index right behind the token. */
  readonly end: number;
}

const CLOSING: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "“": "”",
  "„": "“",
  "«": "»",
  "‘": "’",
};

function tokenise(text: string): readonly Token[] | { readonly problem: string } {
  const tokens: Token[] = [];
  let index = 0;
  while (index < text.length) {
    if (/\s/.test(text.charAt(index))) {
      index += 1;
      continue;
    }
    const token = readToken(text, index);
    if (token === undefined) {
      return { problem: `The quote in ${text.slice(index)} is not closed; add the closing quote.` };
    }
    tokens.push(token);
    index = token.end;
  }
  return tokens;
}

/** Reads up to the next space outside of quotes; undefined when a quote stays open. */
function readToken(text: string, start: number): Token | undefined {
  let index = start;
  let value = "";
  while (index < text.length && !/\s/.test(text.charAt(index))) {
    const opening = text.charAt(index);
    const closing = CLOSING[opening];
    const startsPart = value === "" || value.endsWith("=");
    if (closing === undefined || !startsPart) {
      value += opening;
      index += 1;
      continue;
    }
    const end = text.indexOf(closing, index + 1);
    if (end < 0) return undefined;
    value += text.slice(index + 1, end);
    index = end + 1;
  }
  const quoted = CLOSING[text.charAt(start)] !== undefined;
  return { text: quoted ? value : dashes(value), quoted, end: index };
}

function readOption(text: string): { readonly name: string; readonly value?: string } | undefined {
  const [, name, value] = /^--([a-z][\w-]*)(?:=(.*))?$/is.exec(text) ?? [];
  if (name !== undefined) {
    return value === undefined ? { name: name.toLowerCase() } : { name: name.toLowerCase(), value };
  }
  const [, key, given] = /^([a-z][\w-]*)=(.*)$/is.exec(text) ?? [];
  return key === undefined || given === undefined
    ? undefined
    : { name: key.toLowerCase(), value: given };
}

function isValue(token: Token): boolean {
  return token.quoted || (token.text !== "--" && readOption(token.text) === undefined);
}

/** Phones and some desktops write a dash for two hyphens. */
function dashes(text: string): string {
  return text.replace(/^[—–]/, "--");
}
