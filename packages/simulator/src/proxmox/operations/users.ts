import { randomUUID } from "node:crypto";
import type { Token, User } from "../access/directory.ts";
import { anyUser, type Call, needs, type Operation, rootOnly } from "../api/operation.ts";
import { count, flag, nodeName, optional, text } from "../api/schema.ts";
import { failure, permissionError } from "../errors.ts";
import type { Row } from "./rows.ts";

const token = { userid: text, tokenid: { ...text, pattern: /^[A-Za-z][\w.-]+$/ } };

/** Users, tokens and the access control list. */
export const userOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/access/users",
    permission: anyUser,
    named: { enabled: optional(flag), full: optional(flag) },
    run: (call) =>
      [...call.cluster.directory.users.values()]
        .filter((user) => mayManage(call, user.id))
        .map((user) => userRow(call, user)),
  },
  {
    method: "GET",
    path: "/access/users/{userid}",
    permission: anyUser,
    named: { userid: text },
    run: (call) => userRow(call, userOf(call)),
  },
  {
    method: "GET",
    path: "/access/users/{userid}/token",
    permission: anyUser,
    named: { userid: text },
    run: (call) => [...userOf(call).tokens.values()].map(tokenRow),
  },
  {
    method: "POST",
    path: "/access/users/{userid}/token/{tokenid}",
    permission: anyUser,
    named: { ...token, privsep: optional(flag), expire: optional(count), comment: optional(text) },
    run: (call) => createToken(call),
  },
  {
    method: "DELETE",
    path: "/access/users/{userid}/token/{tokenid}",
    permission: anyUser,
    named: token,
    run: (call) => {
      if (!userOf(call).tokens.delete(call.text("tokenid"))) throw noToken(call);
      return null;
    },
  },
  {
    method: "PUT",
    path: "/access/password",
    permission: anyUser,
    refusesTokens: true,
    named: { userid: text, password: { ...text, minLength: 5 } },
    run: (call) => {
      const user = userOf(call);
      call.cluster.directory.users.set(user.id, { ...user, password: call.text("password") });
      return null;
    },
  },
  { method: "GET", path: "/access/groups", permission: anyUser, named: {}, run: () => [] },
  {
    method: "GET",
    path: "/access/roles",
    permission: anyUser,
    named: {},
    run: (call) =>
      [...call.cluster.directory.roles].map(([roleid, privileges]) => ({
        roleid,
        privs: [...privileges].sort().join(","),
        ...(roleid.startsWith("Custom") ? {} : { special: 1 }),
      })),
  },
  {
    method: "GET",
    path: "/access/acl",
    permission: needs("/access", "Sys.Audit", "Permissions.Modify"),
    named: {},
    run: (call) =>
      call.cluster.directory.acl.map((entry) => ({
        path: entry.path,
        type: entry.subject.includes("!") ? "token" : "user",
        ugid: entry.subject,
        roleid: entry.role,
        propagate: entry.propagate ? 1 : 0,
      })),
  },
  {
    method: "POST",
    path: "/nodes/{node}/execute",
    permission: rootOnly,
    isProxied: true,
    named: { node: nodeName, commands: text },
    run: () => [],
  },
];

function mayManage(call: Call, user: string): boolean {
  return user === call.identity.user || call.may("/access/groups", "User.Modify");
}

function userOf(call: Call): User {
  const id = call.text("userid");
  if (!mayManage(call, id)) throw permissionError("/access/groups, User.Modify");
  const user = call.cluster.directory.users.get(id);
  if (!user) throw failure(`no such user ('${id}')`);
  return user;
}

function userRow(call: Call, user: User): Row {
  return {
    userid: user.id,
    enable: user.enable ? 1 : 0,
    expire: user.expire,
    "realm-type": user.id.endsWith("@pam") ? "pam" : "pve",
    ...(user.totpSecret === undefined ? {} : { "totp-locked": user.totpFailures >= 8 ? 1 : 0 }),
    ...(call.flag("full") ? { tokens: [...user.tokens.values()].map(tokenRow) } : {}),
  };
}

function tokenRow(entry: Token): Row {
  return { tokenid: entry.name, privsep: entry.privsep ? 1 : 0, expire: entry.expire };
}

function createToken(call: Call): Row {
  const user = userOf(call);
  const name = call.text("tokenid");
  if (user.tokens.has(name)) throw failure("Token already exists.");
  const secret = randomUUID();
  const privsep = call.values.has("privsep") ? call.flag("privsep") : true;
  const expire = call.number("expire");
  user.tokens.set(name, { name, secret, privsep, expire, comment: call.text("comment") });
  return {
    "full-tokenid": `${user.id}!${name}`,
    info: { privsep: privsep ? "1" : "0", expire: String(expire) },
    value: secret,
  };
}

function noToken(call: Call): Error {
  return failure(`no such token '${call.text("tokenid")}' for user '${call.text("userid")}'`);
}
