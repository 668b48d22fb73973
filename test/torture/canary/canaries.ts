import { createHash } from "node:crypto";

/** A secret that was made up for the scan, and whom it may be told. */
export interface Canary {
  readonly name: string;
  readonly text: string;
  /** Who has to be told, and where in a request; undefined: nobody ever. */
  readonly told?: { readonly host: string; readonly in: readonly string[] } | undefined;
}

/** Every secret of the Kappa4 that is scanned, each a text that stands nowhere else. */
export interface Canaries {
  /** Of an API token, without its name; a second one that is refused, and one for each server that cannot be used. */
  readonly token: Canary;
  readonly wrongToken: Canary;
  readonly unreachedToken: Canary;
  readonly distrustedToken: Canary;
  /** Of a person with a second factor, with characters that every way of writing a text writes differently. */
  readonly password: Canary;
  readonly wrongPassword: Canary;
  readonly totp: Canary;
  readonly slackBot: Canary;
  readonly slackApp: Canary;
  readonly slackSigning: Canary;
  readonly database: Canary;
  /** What checkpoints are signed with: the line of its file, and the number itself. */
  readonly signingKey: Canary;
  readonly signingNumber: Canary;
  /** Only ever in what the other side answers: somebody else's secrets. */
  readonly answered: Canary;
  readonly taskLog: Canary;
  /** Typed by a person: what is known by its look. */
  readonly typedToken: Canary;
  readonly typedPassword: Canary;
  readonly typedTicket: Canary;
}

/** The form in which somebody logs in. */
export const LOGIN = "login";
const HEADER = "authorization";

/** Makes the canaries of a seed. */
export function makeCanaries(seed: number): Canaries {
  const hex = (name: string): string => hexOf(seed, name);
  const word = (name: string): string => wordOf(seed, name);
  const uuid = (name: string): string =>
    hex(name).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-9$4-$5");
  const canary = (name: string, text: string, host?: string, ...parts: string[]): Canary => ({
    name,
    text,
    told: host === undefined ? undefined : { host, in: parts.length > 0 ? parts : [HEADER] },
  });
  return {
    token: canary("API token", uuid("token"), "gold"),
    wrongToken: canary("refused API token", uuid("wrong token"), "brass"),
    unreachedToken: canary("token of a dead server", uuid("unreached")),
    distrustedToken: canary("token of a distrusted server", uuid("distrusted")),
    password: canary("password", `${word("password")}"/+ &é${word("password 2")}`, "silver", LOGIN),
    wrongPassword: canary(
      "wrong password",
      `${word("wrong")}%<\\>${word("wrong 2")}`,
      "bronze",
      LOGIN,
    ),
    totp: canary("second factor", base32(hex("totp"))),
    slackBot: canary("Slack bot token", `xoxb-${word("bot")}`, "slack", HEADER, LOGIN),
    slackApp: canary("Slack app token", `xapp-${word("app")}`, "slack"),
    slackSigning: canary("Slack signing secret", hex("signing").slice(0, 32)),
    database: canary("database password", `${word("database")}~!${word("database 2")}`),
    signingKey: canary(
      "signing key",
      Buffer.from(`${ED25519}${hex("signer")}`, "hex").toString("base64"),
    ),
    signingNumber: canary("signing key, as a number", hex("signer")),
    answered: canary("secret in an answer", word("answered")),
    taskLog: canary("secret in a task's log", word("task")),
    typedToken: canary("token that was typed", `xoxp-${word("typed token")}`),
    typedPassword: canary("password that was typed", word("typed password")),
    typedTicket: canary("ticket that was typed", word("typed ticket")),
  };
}

/** What somebody writes who should not: what is theirs, and what Kappa4 was given. */
export function loose(canaries: Canaries): string {
  const { typedToken, typedPassword, typedTicket, token, password, signingKey } = canaries;
  return [
    `use ${typedToken.text} for it, or password: ${typedPassword.text}`,
    `cookie PVE:root@pam:65A1B2C3::${typedTicket.text}, API ${token.text}, or ${password.text}`,
    `${signingKey.text} signs`,
  ].join("; ");
}

/** Makes a secret for a leak on purpose; a host may be told it as an API token. */
export function plantedCanary(seed: number, name: string, host?: string): Canary {
  const told = host === undefined ? undefined : { host, in: [HEADER] };
  return { name: `planted: ${name}`, text: wordOf(seed, `planted ${name}`), told };
}

/** What the other side gave to whoever logged in: as secret as what they logged in with. */
export function ticketsIn(answers: string, host: string): readonly Canary[] {
  const found = (name: string, pattern: RegExp, parts: readonly string[]): readonly Canary[] =>
    [...new Set([...answers.matchAll(pattern)].map(([, text = ""]) => text))].map((text, at) => ({
      name: `${name} ${at + 1}`,
      text,
      told: { host, in: parts },
    }));
  return [
    ...found("ticket", /"ticket":"(PVE:[^"]+)"/g, ["cookie", LOGIN]),
    ...found("CSRF token", /"CSRFPreventionToken":"([^"]+)"/g, ["csrfpreventiontoken"]),
  ];
}

function hexOf(seed: number, name: string): string {
  return createHash("sha256").update(`canary ${seed} ${name}`).digest("hex");
}

function wordOf(seed: number, name: string): string {
  const text = Buffer.from(hexOf(seed, name), "hex").toString("base64url");
  return text.replaceAll(/[-_]/g, "x").slice(0, 24);
}

/** What stands before the number in a key of this kind. */
const ED25519 = "302e020100300506032b657004220420";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function base32(hex: string): string {
  return [...Buffer.from(hex, "hex")].map((byte) => DIGITS[byte % 32]).join("");
}
