import { ConfigInvalidError, type Issue, type Kappa4ErrorOptions } from "@kappa4/connectors";

/** A file made by a program repeats one mistake on every line; nobody reads the thousandth. */
const MAX_LINES = 20;

/** Makes one error of all problems: its message shows a person each with its place, `issues` is for programs. */
export function configInvalid(
  source: string,
  issues: readonly Issue[],
  options: Kappa4ErrorOptions = {},
): ConfigInvalidError {
  const [only, ...others] = issues;
  if (only !== undefined && others.length === 0) {
    return new ConfigInvalidError(line(only.at ?? source, only), issues, options);
  }
  const head = `${source} has ${issues.length} problems:`;
  const lines = issues.slice(0, MAX_LINES).map((issue) => line(issue.at, issue));
  const more = issues.length - lines.length;
  if (more > 0) lines.push(`and ${more} more`);
  return new ConfigInvalidError([head, ...lines].join("\n  "), issues, options);
}

function line(place: string | undefined, { path, message }: Issue): string {
  return [place, path, message].filter((part) => part !== undefined && part !== "").join(": ");
}
