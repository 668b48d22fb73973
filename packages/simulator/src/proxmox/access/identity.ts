import type { SimulatedClock } from "../clock.ts";
import { unauthorized } from "../errors.ts";
import type { Directory } from "./directory.ts";
import type { TicketOffice } from "./tickets.ts";
import { sameText } from "./totp.ts";

/** Who makes a request. */
export interface Identity {
  /** `user@realm` */
  readonly user: string;
  /** `user@realm` or `user@realm!token`: what privileges and tasks are tied to. */
  readonly subject: string;
  readonly isToken: boolean;
}

/** What is needed to tell who makes a request. */
export interface AuthContext {
  readonly directory: Directory;
  readonly tickets: TicketOffice;
  readonly clock: SimulatedClock;
  /** One text for every refused ticket or token, as since January 2026. */
  readonly uniformText: boolean;
}

/** The parts of a request that carry credentials. */
export interface Credentials {
  readonly method: string;
  readonly cookie: string | undefined;
  readonly authorization: string | undefined;
  readonly csrf: string | undefined;
}

/** Tells who makes a request. Throws 401; a cookie wins over a token. */
export function identify(context: AuthContext, credentials: Credentials): Identity {
  const ticket = ticketOf(credentials.cookie);
  if (ticket !== undefined) return byTicket(context, credentials, ticket);
  const token = /^PVEAPIToken[= ](.+)$/.exec(credentials.authorization ?? "")?.[1];
  if (token !== undefined) return byToken(context, token.trim());
  throw unauthorized("No ticket");
}

// The login ticket of a Cookie header comes raw or percent-encoded.
function ticketOf(cookie: string | undefined): string | undefined {
  const raw = /(?:^|\s|;)PVEAuthCookie=([^;]*)/.exec(cookie ?? "")?.[1]?.trim();
  return raw ? decodePercent(raw) : undefined;
}

/** Decodes percent sequences and leaves broken ones as they are. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether a user may come in at all. */
export function isUsable(directory: Directory, user: string, seconds: number): boolean {
  const entry = directory.users.get(user);
  return entry?.enable === true && (entry.expire === 0 || entry.expire > seconds);
}

function byTicket(context: AuthContext, credentials: Credentials, ticket: string): Identity {
  const seconds = context.clock.seconds();
  const claim = context.tickets.read(ticket, seconds);
  if (!claim || claim.isHalf || !isUsable(context.directory, claim.user, seconds)) {
    throw refusal(context, "permission denied - invalid PVE ticket");
  }
  const isWrite = credentials.method !== "GET";
  if (isWrite && !context.tickets.isCsrf(claim.user, credentials.csrf ?? "", seconds)) {
    throw unauthorized("Permission denied - invalid csrf token");
  }
  return { user: claim.user, subject: claim.user, isToken: false };
}

function byToken(context: AuthContext, text: string): Identity {
  const match = /^([^!]+@[^!]+)!([^=]+)=(.+)$/.exec(text);
  const [, user = "", name = "", secret = ""] = match ?? [];
  const seconds = context.clock.seconds();
  const token = context.directory.users.get(user)?.tokens.get(name);
  if (!match) throw refusal(context, "no tokenid specified");
  if (!token || !isUsable(context.directory, user, seconds)) {
    throw refusal(context, `no such token '${name}' for user '${user}'`);
  }
  if (!sameText(token.secret, secret)) throw refusal(context, "invalid token value!");
  if (token.expire !== 0 && token.expire <= seconds) throw refusal(context, "token access expired");
  return { user, subject: `${user}!${name}`, isToken: true };
}

function refusal(context: AuthContext, oldText: string): Error {
  return unauthorized(context.uniformText ? "Authentication failed!" : oldText);
}
