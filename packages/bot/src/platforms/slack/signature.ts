import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "@kappa4/sdk";

/** What became of a signed request. */
type Verdict = "genuine" | "replayed" | "forged";

/** Checks who sent a request, and whether it has been here before. */
export interface SignatureCheck {
  verify(headers: SignatureHeaders, body: Buffer): Verdict;
}

/** The two headers that carry the proof. */
interface SignatureHeaders {
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
}

/** How far a request's time may be from ours, in either direction. */
const WINDOW_SECONDS = 300;
const REMEMBER_MS = 600_000;

/** Makes a check for a signing secret. Signatures are remembered longer than they hold, so none counts twice. */
export function createSignatureCheck(secret: string, clock: Clock): SignatureCheck {
  const seen = new Map<string, number>();
  return {
    verify({ timestamp, signature }, body) {
      const now = clock.now();
      if (timestamp === undefined || signature === undefined || !/^\d{1,12}$/.test(timestamp))
        return "forged";
      if (Math.abs(now / 1000 - Number(timestamp)) > WINDOW_SECONDS) return "forged";
      if (!isEqual(signature, sign(secret, timestamp, body))) return "forged";
      for (const [old, at] of seen) {
        if (now - at <= REMEMBER_MS) break;
        seen.delete(old);
      }
      if (seen.has(signature)) return "replayed";
      seen.set(signature, now);
      return "genuine";
    },
  };
}

function sign(secret: string, timestamp: string, body: Buffer): string {
  const hmac = createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body);
  return `v0=${hmac.digest("hex")}`;
}

/** Takes the same time whatever the difference is. */
function isEqual(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
