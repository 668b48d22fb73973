import { Kappa4Error } from "@kappa4/sdk";
import { WebAPIPlatformError, WebAPIRequestError } from "@slack/web-api";
import { expect, test } from "vitest";
import { slackError } from "../../../src/platforms/slack/errors.ts";

const refused = new WebAPIPlatformError({ ok: false, error: "invalid_auth" });

test.each([
  ["auth.test", "check the bot token in the configuration"],
  ["apps.connections.open", "check the app token in the configuration"],
])("a token that %s refuses is named", (method, advice) => {
  const error = slackError(refused, method);
  expect(error).toMatchObject({ code: "auth", message: expect.stringContaining(advice) });
});

test("where Slack was looked for is said, and what the system said to that", () => {
  const cause = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  const error = slackError(new WebAPIRequestError(cause), "auth.test", "http://127.0.0.1:9/api/");
  expect(Kappa4Error.is(error, "network")).toBe(true);
  expect(String(error)).toContain(
    "Slack could not be reached at 127.0.0.1:9 for auth.test (ECONNREFUSED); check that",
  );
});
