import { createHmac, randomBytes } from "node:crypto";
import { sameText } from "./totp.ts";

/** What a ticket that passes says. */
export interface TicketClaim {
  readonly user: string;
  /** Seconds since it was made. */
  readonly age: number;
  /** A login that still lacks its second factor. */
  readonly isHalf: boolean;
}

const LIFE_SECONDS = 7200;
const TOLERANCE_SECONDS = 300;

/** Signs and checks login tickets, CSRF tokens and console tickets of one cluster. */
export class TicketOffice {
  readonly #key = randomBytes(32);

  /** Makes a ticket for a user who has shown everything that is needed. */
  issue(user: string, seconds: number): string {
    const text = `PVE:${user}:${hexadecimal(seconds)}`;
    return `${text}::${this.#sign(text)}`;
  }

  /** Makes the ticket of a login that waits for its second factor; it names the factors, not the user. */
  issueHalf(user: string, factors: Readonly<Record<string, unknown>>, seconds: number): string {
    const challenge = encodeURIComponent(JSON.stringify(factors));
    const text = `PVE:!tfa!${challenge}:${hexadecimal(seconds)}`;
    return `${text}::${this.#sign(`${text}:${user}`)}`;
  }

  /** Reads a full ticket; undefined when it is forged, too old or from the future. */
  read(ticket: string, seconds: number): TicketClaim | undefined {
    const match = /^(PVE:([^:]+):([0-9A-F]{8}))::(.+)$/.exec(ticket);
    if (!match) return undefined;
    const [, text = "", user = "", time = "", signature = ""] = match;
    const age = seconds - Number.parseInt(time, 16);
    if (age > LIFE_SECONDS || age < -TOLERANCE_SECONDS) return undefined;
    if (user.startsWith("!tfa!")) return { user: "", age, isHalf: true };
    return sameText(this.#sign(text), signature) ? { user, age, isHalf: false } : undefined;
  }

  /** Whether this is the half ticket of that user, and fresh. */
  isHalfTicketOf(user: string, ticket: string, seconds: number): boolean {
    const match = /^(PVE:!tfa![^:]+:([0-9A-F]{8}))::(.+)$/.exec(ticket);
    if (!match) return false;
    const [, text = "", time = "", signature = ""] = match;
    const age = seconds - Number.parseInt(time, 16);
    if (age > TOLERANCE_SECONDS || age < -TOLERANCE_SECONDS) return false;
    return sameText(this.#sign(`${text}:${user}`), signature);
  }

  /** Makes the token that has to come with every write. */
  issueCsrf(user: string, seconds: number): string {
    const time = hexadecimal(seconds);
    return `${time}:${this.#sign(`csrf:${time}:${user}`)}`;
  }

  /** Whether a write may pass. */
  isCsrf(user: string, token: string, seconds: number): boolean {
    const [time = "", signature = ""] = token.split(":");
    const age = seconds - Number.parseInt(time, 16);
    if (!(age <= LIFE_SECONDS && age >= -TOLERANCE_SECONDS)) return false;
    return sameText(this.#sign(`csrf:${time}:${user}`), signature);
  }

  /** Signs anything else that the cluster hands out, for example a console ticket. */
  seal(text: string): string {
    return this.#sign(text);
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64");
  }
}

function hexadecimal(seconds: number): string {
  return Math.floor(seconds).toString(16).toUpperCase().padStart(8, "0");
}
