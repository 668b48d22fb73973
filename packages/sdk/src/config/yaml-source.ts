import {
  type Document,
  isAlias,
  isNode,
  isScalar,
  isSeq,
  isMap as isYamlMap,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";
import type { Problem } from "./issues.ts";

/** A YAML or JSON text as a value, with the places of its parts. */
export interface YamlSource {
  readonly value: unknown;
  /** What is wrong with the text itself; when there is any, `value` is not to be trusted. */
  readonly problems: readonly (Problem & { readonly offset: number })[];
  /** Line and column of a path, `12:5`; of the nearest part that exists when the path itself does not. */
  at(path: readonly PropertyKey[]): string;
  /** Line and column of an offset. */
  atOffset(offset: number): string;
}

/** Reads YAML 1.2, of which JSON is a part. Messages never repeat the text: it may hold secrets. */
export function readYaml(text: string): YamlSource {
  const lineCounter = new LineCounter();
  // A control character makes the parser stumble anywhere; a space in its place is in no way.
  const readable = text.replaceAll(CONTROLS, " ");
  const document = parseDocument(readable, { lineCounter, prettyErrors: false });
  const atOffset = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset);
    return `${line}:${col}`;
  };
  const unreadable = [...text.matchAll(CONTROLS)].map(({ 0: character, index: offset }) => ({
    path: [],
    message: `${nameOf(character)} stands here, which no text has; delete it, or save the file as UTF-8 again`,
    offset,
  }));
  const slips = [...document.errors, ...document.warnings].map((error) => ({
    path: [],
    message: SENTENCES[error.code] ?? "not valid YAML here",
    offset: error.pos[0],
  }));
  const problems = [...unreadable, ...slips];
  const odd = problems.length === 0 ? oddities(document) : [];
  const found = firstPerLine([...problems, ...odd], atOffset);
  return {
    value: found.length === 0 ? document.toJS() : undefined,
    problems: found,
    at: (path) => atOffset(offsetOf(document, path)),
    atOffset,
  };
}

/** What a disk, an editor or UTF-16 leaves in a file, and no YAML may hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f]/g;

function nameOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0) return "a NUL character (a byte of value 0)";
  return `a control character (U+${code.toString(16).toUpperCase().padStart(4, "0")})`;
}

const SENTENCES: Readonly<Partial<Record<YAMLError["code"], string>>> = {
  BAD_ALIAS: "a value that begins with * or & must stand in quotes",
  BAD_DQ_ESCAPE: "a \\ inside double quotes must be written \\\\; or use single quotes",
  BAD_INDENT: "the indentation does not fit, or a bracket is not closed",
  BAD_SCALAR_START: "a value that begins with @ or ` must stand in quotes",
  BLOCK_AS_IMPLICIT_KEY:
    "two keys in one line, or the indentation does not fit; put a value that holds `: ` in quotes",
  DUPLICATE_KEY: "this key is given twice; keep one",
  MISSING_CHAR: "a quote, bracket or colon is missing",
  MULTILINE_IMPLICIT_KEY: "a colon is missing after a key, or the indentation does not fit",
  MULTIPLE_DOCS: "a second document begins here; keep one document in the file",
  TAB_AS_INDENT: "a tab indents this line; use spaces",
  TAG_RESOLVE_FAILED: "a value that begins with ! must stand in quotes",
  UNEXPECTED_TOKEN: "the indentation does not fit, or lists and keys are mixed on one level",
};

/** One slip makes the parser stumble several times; the first stumble of a line tells it all. */
function firstPerLine<Item extends { readonly offset: number }>(
  items: readonly Item[],
  atOffset: (offset: number) => string,
): readonly Item[] {
  const seen = new Set<string>();
  return items.filter(({ offset }) => {
    const [line = ""] = atOffset(offset).split(":");
    return !seen.has(line) && seen.add(line);
  });
}

/** What YAML allows and a configuration cannot use. */
function oddities(document: Document): YamlSource["problems"] {
  const problems: (Problem & { readonly offset: number })[] = [];
  visit(document, {
    Pair(_key, { key }) {
      if (isScalar(key)) return;
      const message = "a key must be one word; a `? ` or a bracket stands where a key belongs";
      problems.push({ path: [], message, offset: startOf(key) });
    },
    Alias(_key, alias) {
      const [start = 0] = alias.range ?? [];
      const target = alias.resolve(document);
      const [from = 0, to = 0] = target?.range ?? [];
      const isInside = target !== undefined && from <= start && start < to;
      const message = isInside
        ? "an alias inside of what it stands for"
        : "no anchor has this alias's name; a value that begins with * must stand in quotes";
      if (target === undefined || isInside) problems.push({ path: [], message, offset: start });
    },
  });
  return problems;
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = node === undefined ? offset : startOf(node);
      continue;
    }
    const pair = isYamlMap(node)
      ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
      : undefined;
    if (pair === undefined) return offset;
    offset = startOf(pair.key);
    node = pair.value;
  }
  return offset;
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
