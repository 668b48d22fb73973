import { Kappa4Error, type Logger } from "@kappa4/sdk";
import { describe, expect, it } from "vitest";
import { redact } from "../../src/core/redact.ts";
import { safeLogger } from "../../src/core/safe-logger.ts";

describe("safeLogger", () => {
  const written: unknown[] = [];
  const log = (fields: object, message: string): void => void written.push({ fields, message });
  const logger: Logger = safeLogger({ debug: log, info: log, warn: log, error: log });

  it("writes what is safe of an error and drops the rest", () => {
    const cause = new Error("with xoxb-1-secret");
    logger.warn({ run: "R-1", error: new Kappa4Error("timeout", "No answer.", { cause }) }, "one");
    logger.error(
      { error: Object.assign(new TypeError("at https://x.example/?t=1"), { token: "xoxb-2" }) },
      "two",
    );
    logger.info({ error: "xapp-1-A" }, "three");
    logger.debug({ plan: "P-1" }, "four");
    expect(written).toEqual([
      {
        fields: {
          run: "R-1",
          error: { code: "timeout", message: "No answer.", outcome: "not_applied", context: {} },
        },
        message: "one",
      },
      { fields: { error: { name: "TypeError", message: "at [address]" } }, message: "two" },
      { fields: { error: "[token]" }, message: "three" },
      { fields: { plan: "P-1" }, message: "four" },
    ]);
  });
});

describe("redact", () => {
  it("hides tokens, tickets and answering addresses", () => {
    const line = redact(
      "failed: xoxb-1-2-abc xapp-1-A-9f https://hooks.slack.example/commands/T1/2/secret wss://link.example/?ticket=s",
    );
    expect(line).toBe("failed: [token] [token] [address] [address]");
  });
});
