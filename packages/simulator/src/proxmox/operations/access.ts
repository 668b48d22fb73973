import { isUsable } from "../access/identity.ts";
import { isTotpCode, sameText } from "../access/totp.ts";
import { anyone, anyUser, type Call, type Operation } from "../api/operation.ts";
import { flag, optional, text } from "../api/schema.ts";
import { parameterError, permissionError, unauthorized } from "../errors.ts";
import type { Row } from "./rows.ts";

const TOTP_LIMIT = 8;
const TFA_LIMIT = 100;
const CAPABILITIES = [
  ["vms", "/vms", /^VM\./],
  ["storage", "/storage", /^Datastore\./],
  ["access", "/access", /^(?:User|Group|Realm)\./],
  ["nodes", "/nodes", /^Sys\./],
  ["dc", "/", /^Sys\.|^SDN\./],
  ["sdn", "/sdn", /^SDN\./],
  ["mapping", "/mapping", /^Mapping\./],
] as const;

/** Login and what a login may do. */
export const accessOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/access/domains",
    permission: anyone,
    named: {},
    run: () => [
      { realm: "pam", type: "pam", comment: "Linux PAM standard authentication" },
      { realm: "pve", type: "pve", comment: "Proxmox VE authentication server" },
    ],
  },
  { method: "GET", path: "/access/ticket", permission: anyone, named: {}, run: () => null },
  {
    method: "POST",
    path: "/access/ticket",
    permission: anyone,
    refusesTokens: true,
    named: {
      username: { ...text, maxLength: 64 },
      password: text,
      realm: optional(text),
      otp: optional(text),
      path: optional(text),
      privs: optional(text),
      "new-format": optional(flag),
      "tfa-challenge": optional(text),
    },
    run: (call) => login(call),
  },
  {
    method: "GET",
    path: "/access/permissions",
    permission: anyUser,
    named: { userid: optional(text), path: optional(text) },
    run: (call) => permissions(call),
  },
];

function login(call: Call): Row {
  const { directory, tickets, clock } = call.cluster;
  const user = userOf(call);
  const seconds = clock.seconds();
  const entry = directory.users.get(user);
  const challenge = call.find("tfa-challenge");
  const password = call.text("password");
  const refused = unauthorized("authentication failure", false);
  if (!entry || !isUsable(directory, user, seconds)) throw refused;
  if (challenge !== undefined) {
    if (!tickets.isHalfTicketOf(user, challenge, seconds)) throw refused;
    if (!secondFactor(call, user, password)) throw refused;
    return fullLogin(call, user);
  }
  const renewed = tickets.read(password, seconds);
  if (renewed && !renewed.isHalf) {
    if (renewed.user !== user && renewed.user !== "root@pam") throw refused;
    return fullLogin(call, user);
  }
  if (entry.password === undefined || !sameText(entry.password, password)) throw refused;
  if (entry.totpSecret === undefined && entry.recoveryKeys.size === 0) return fullLogin(call, user);
  const otp = call.find("otp");
  if (otp === undefined) return halfLogin(call, user);
  if (!secondFactor(call, user, `totp:${otp}`)) throw refused;
  return fullLogin(call, user);
}

function userOf(call: Call): string {
  const name = call.text("username");
  const realm = call.find("realm");
  const user = realm === undefined ? name : `${name}@${realm}`;
  if (/^[^\s:/]+@[a-z][\w.-]+$/i.test(user)) return user;
  throw parameterError({
    username: `invalid format - value '${user}' does not look like a valid user name\n`,
  });
}

function fullLogin(call: Call, user: string): Row {
  const { directory, tickets, clock, name } = call.cluster;
  const seconds = clock.seconds();
  return {
    username: user,
    ticket: tickets.issue(user, seconds),
    CSRFPreventionToken: tickets.issueCsrf(user, seconds),
    cap: Object.fromEntries(
      CAPABILITIES.map(([key, path, wanted]) => [
        key,
        Object.fromEntries(
          [...directory.privileges(user, path)]
            .filter(([privilege]) => wanted.test(privilege))
            .map(([privilege, wide]) => [privilege, wide ? 1 : 0]),
        ),
      ]),
    ),
    ...(directory.allows(user, "/", "Sys.Audit") ? { clustername: name } : {}),
  };
}

function halfLogin(call: Call, user: string): Row {
  const { directory, tickets, clock } = call.cluster;
  const entry = directory.users.get(user);
  const seconds = clock.seconds();
  const factors = {
    ...(entry?.totpSecret === undefined ? {} : { totp: true }),
    ...(entry && entry.recoveryKeys.size > 0 ? { recovery: "high" } : {}),
  };
  return {
    username: user,
    ticket: tickets.issueHalf(user, factors, seconds),
    CSRFPreventionToken: tickets.issueCsrf(user, seconds),
    NeedTFA: 1,
  };
}

// Wrong codes are counted: first TOTP is locked for the user, in the end every second factor.
function secondFactor(call: Call, user: string, response: string): boolean {
  const entry = call.cluster.directory.users.get(user);
  const [kind, code = ""] = response.split(":");
  if (!entry || entry.totpFailures >= TFA_LIMIT) return false;
  if (kind === "recovery" && entry.recoveryKeys.delete(code)) return true;
  const isRight =
    kind === "totp" &&
    entry.totpSecret !== undefined &&
    entry.totpFailures < TOTP_LIMIT &&
    isTotpCode(entry.totpSecret, code, call.cluster.clock.seconds());
  entry.totpFailures = isRight ? 0 : entry.totpFailures + 1;
  return isRight;
}

function permissions(call: Call): Row {
  const { directory } = call.cluster;
  const subject = call.find("userid") ?? call.identity.subject;
  const isOwn = subject === call.identity.subject || subject.startsWith(`${call.identity.user}!`);
  if (!isOwn && !call.may("/access", "Sys.Audit")) throw permissionError("/access, Sys.Audit");
  const path = call.find("path");
  if (path === undefined) return directory.overview(subject);
  const privileges = directory.privileges(subject, path);
  return {
    [path]: Object.fromEntries([...privileges].map(([name, wide]) => [name, wide ? 1 : 0])),
  };
}
