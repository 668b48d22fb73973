import { Secret, TOTP } from "otpauth";
import { z } from "zod";
import type { Clock } from "../../contract/connector.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import { untilAborted } from "../../transport/deadline.ts";
import type { HttpClient } from "../../transport/http-client.ts";
import { isLineError } from "../../transport/retry.ts";
import { flag } from "./fields.ts";
import type { ProxmoxOptions } from "./options.ts";

/** What a request carries to be let in. */
export interface Grant {
  readonly headers: Readonly<Record<string, string>>;
}

/** Who we are at the cluster. */
export interface ProxmoxAuth {
  /** The user as tasks name it: `user@realm`, or `user@realm!token`. */
  readonly userId: string;
  /** Gives what a request needs, after a login if there is none or the last one is old. */
  grant(write: boolean, signal: AbortSignal | undefined): Promise<Grant>;
  /** Says that a grant was refused, so that the next one comes from a new login. */
  drop(grant: Grant): void;
}

interface AuthTicket {
  readonly text: string;
  readonly csrf: string;
  readonly since: number;
}

// A ticket lives for two hours. It is renewed with itself as the password before that, which needs no second factor.
const RENEW_AFTER_MS = 90 * 60_000;
const DEAD_AFTER_MS = 118 * 60_000;
const TOTP_PERIOD_S = 30;
/** Logins that are begun when the line breaks at the second factor. */
const MOST_LOGINS = 3;

const loginAnswer = z.object({
  data: z.object({
    ticket: z.string().min(1),
    CSRFPreventionToken: z.string().default(""),
    NeedTFA: flag,
  }),
});

/** Makes the way in that the options ask for. */
export function createAuth(
  auth: ProxmoxOptions["auth"],
  connection: string,
  clock: Clock,
  http: HttpClient,
): ProxmoxAuth {
  if (auth.type === "token") {
    const grant: Grant = { headers: { authorization: `PVEAPIToken=${auth.token}` } };
    return {
      userId: auth.token.slice(0, auth.token.indexOf("=")),
      grant: async () => grant,
      drop: () => undefined,
    };
  }
  return createPasswordAuth(auth, connection, clock, http);
}

function createPasswordAuth(
  auth: Extract<ProxmoxOptions["auth"], { type: "password" }>,
  connection: string,
  clock: Clock,
  http: HttpClient,
): ProxmoxAuth {
  let authTicket: AuthTicket | undefined;
  let login: Promise<AuthTicket> | undefined;
  let lastTotpStep = -1;
  const origins = new WeakMap<Grant, AuthTicket>();

  async function logIn(old: AuthTicket | undefined): Promise<AuthTicket> {
    if (old !== undefined && clock.now() - old.since < DEAD_AFTER_MS) {
      try {
        return await ask({ password: old.text });
      } catch (error) {
        // A ticket that cannot renew itself is no worse than none.
        if (!Kappa4Error.is(error, "auth")) throw error;
      }
    }
    return ask({ password: auth.password });
  }

  /** A login changes nothing over there, so it may be repeated like a read, save for a code that is good once. */
  async function send(form: Readonly<Record<string, string>>, retries?: number) {
    const { text } = await http.request("POST", "/access/ticket", {
      operation: "login",
      target: auth.username,
      write: false,
      form: { username: auth.username, ...form },
      retries,
    });
    return readLogin(text, connection);
  }

  async function ask(form: { readonly password: string }): Promise<AuthTicket> {
    for (let attempt = 1; ; attempt += 1) {
      const since = clock.now();
      const answer = await send(form);
      if (!answer.NeedTFA && !answer.ticket.startsWith("PVE:!tfa!")) {
        return { text: answer.ticket, csrf: answer.CSRFPreventionToken, since };
      }
      const password = `totp:${await nextCode()}`;
      try {
        const final = await send({ "tfa-challenge": answer.ticket, password }, 0);
        return { text: final.ticket, csrf: final.CSRFPreventionToken, since };
      } catch (error) {
        // The code may have been taken, so the whole login begins anew, with the next one.
        if (!isLineError(error) || !error.retryable || attempt === MOST_LOGINS) throw error;
      }
    }
  }

  async function nextCode(): Promise<string> {
    if (auth.totp === undefined) {
      throw new Kappa4Error(
        "auth",
        `"${connection}" asks ${auth.username} for a second factor; give its secret as auth.totp, or use an API token.`,
        { context: { connector: connection, operation: "login" } },
      );
    }
    const secret = Secret.fromBase32(auth.totp.replaceAll(/\s/g, "").toUpperCase());
    const totp = new TOTP({ secret, period: TOTP_PERIOD_S });
    const step = (): number => Math.floor(clock.now() / 1000 / TOTP_PERIOD_S);
    // A code is good once: a second login within the same half minute would be refused and counted as an attack.
    if (step() === lastTotpStep) {
      await clock.sleep((lastTotpStep + 1) * TOTP_PERIOD_S * 1000 - clock.now());
    }
    lastTotpStep = step();
    return totp.generate({ timestamp: clock.now() });
  }

  function isFresh(candidate: AuthTicket | undefined): candidate is AuthTicket {
    return candidate !== undefined && clock.now() - candidate.since < RENEW_AFTER_MS;
  }

  /** One login for all who wait; it outlives any single one of them, and what it brings is kept in any case. */
  function logInOnce(): Promise<AuthTicket> {
    login ??= logIn(authTicket)
      .then((fresh) => {
        authTicket = fresh;
        return fresh;
      })
      .finally(() => {
        login = undefined;
      });
    return login;
  }

  return {
    userId: auth.username,
    async grant(write, signal) {
      signal?.throwIfAborted();
      const current = isFresh(authTicket) ? authTicket : await untilAborted(logInOnce(), signal);
      const headers = {
        cookie: `PVEAuthCookie=${encodeURIComponent(current.text)}`,
        ...(write ? { csrfpreventiontoken: current.csrf } : {}),
      };
      const grant: Grant = { headers };
      origins.set(grant, current);
      return grant;
    },
    drop(grant) {
      if (origins.get(grant) === authTicket) authTicket = undefined;
    },
  };
}

function readLogin(text: string, connection: string): z.output<typeof loginAnswer>["data"] {
  try {
    return loginAnswer.parse(JSON.parse(text)).data;
  } catch {
    // What came may hold a ticket, so it is not passed on as a cause.
    throw new Kappa4Error(
      "protocol",
      `"${connection}" answered the login without a ticket; check that the address is that of a Proxmox VE node.`,
      { context: { connector: connection, operation: "login" } },
    );
  }
}
