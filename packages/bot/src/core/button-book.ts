import type { Clock } from "@kappa4/sdk";
import type { StoredCall } from "../commands/context.ts";

/** What buttons stand for. The button itself carries a random token and nothing else. */
export interface ButtonBook {
  /** Stores a call; the token is 128 random bits. The same call gives the same token while it holds. */
  issue(call: StoredCall): string;
  /** The call behind a token, or undefined when it is unknown or too old. */
  find(token: string): StoredCall | undefined;
}

/** Makes a button book in memory. Tokens are forgotten when they expire, and with the process. */
export function createButtonBook(clock: Clock, createId: () => string): ButtonBook {
  const calls = new Map<string, StoredCall>();
  const tokens = new Map<string, string>();

  function forgetExpired(): void {
    const now = clock.now();
    for (const [token, call] of calls) {
      if (call.expiresAt.getTime() > now) continue;
      calls.delete(token);
      tokens.delete(JSON.stringify(call));
    }
  }

  return {
    issue(call) {
      forgetExpired();
      const key = JSON.stringify(call);
      const known = tokens.get(key);
      if (known !== undefined) return known;
      const token = createId();
      calls.set(token, call);
      tokens.set(key, token);
      return token;
    },
    find(token) {
      const call = calls.get(token);
      return call === undefined || call.expiresAt.getTime() <= clock.now() ? undefined : call;
    },
  };
}
