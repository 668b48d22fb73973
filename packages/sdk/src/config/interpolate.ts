import { closest } from "../closest.ts";

/** A text with its variables filled in, or what is wrong with it. */
export type Interpolated =
  | { readonly text: string; readonly isChanged: boolean }
  | { readonly problem: string };

/** Variables by name; undefined: not set. */
export type Variables = Readonly<Record<string, string | undefined>>;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

/**
 * Fills `${NAME}` as Docker Compose does: `${NAME:-default}` when unset or empty, `${NAME-default}` when unset,
 * `${NAME:?message}` and `${NAME?message}` to insist, `$${` for a literal `${`. Defaults may hold variables.
 * Unlike there, a plain `${NAME}` that is not set is a problem, and `$NAME` without braces is left alone:
 * a forgotten secret must not become an empty one, and passwords hold dollar signs.
 */
export function interpolate(text: string, variables: Variables): Interpolated {
  let result = "";
  let rest = text;
  let isChanged = false;
  for (let start = rest.indexOf("${"); start !== -1; start = rest.indexOf("${")) {
    isChanged = true;
    if (rest[start - 1] === "$") {
      result += `${rest.slice(0, start - 1)}\${`;
      rest = rest.slice(start + 2);
      continue;
    }
    const end = closingBrace(rest, start + 2);
    if (end === undefined)
      return { problem: `a variable opens with \${ and never closes; add a }` };
    const value = resolve(rest.slice(start + 2, end), variables);
    if ("problem" in value) return value;
    result += rest.slice(0, start) + value.text;
    rest = rest.slice(end + 1);
  }
  return { text: result + rest, isChanged };
}

function closingBrace(text: string, from: number): number | undefined {
  let depth = 1;
  for (let index = from; index < text.length; index += 1) {
    if (text.startsWith("${", index)) depth += 1;
    if (text[index] === "}") depth -= 1;
    if (depth === 0) return index;
  }
  return undefined;
}

/** `expression` is what stands between the braces. */
function resolve(expression: string, variables: Variables): Interpolated {
  const name = NAME.exec(expression)?.[0];
  const [, operator, word = ""] = /^(:?[-?]|$)(.*)$/s.exec(expression.slice(name?.length)) ?? [];
  if (name === undefined || operator === undefined) {
    return { problem: `not a variable; write \${NAME}, \${NAME:-default} or \${NAME:?message}` };
  }
  const value = variables[name];
  const isGiven = operator.startsWith(":")
    ? value !== undefined && value !== ""
    : value !== undefined;
  if (isGiven) return { text: value ?? "", isChanged: true };
  if (operator.endsWith("-")) return interpolate(word, variables);
  const reason = word === "" ? "" : `: ${word}`;
  // A name is no secret; the value behind it may be one.
  const meant = closest(
    name,
    Object.keys(variables).filter((other) => variables[other] !== undefined),
  );
  const hint =
    meant === undefined || meant === name ? "" : `did you mean ${meant}, which is? Else `;
  return {
    problem: `the environment variable ${name} is not set${reason}; ${hint}set it, or write \${${name}:-default}`,
  };
}
