import { describe, expect, it } from "vitest";
import { RateLimitedError } from "../../src/index.ts";
import {
  errorFromStatus,
  type HttpAnswer,
  nameRequest,
  type RequestInfo,
  readRetryAfter,
} from "../../src/transport/answers.ts";
import { jumpingClock } from "./server.ts";

const request = (write: boolean): RequestInfo => ({
  connection: "gold",
  method: write ? "POST" : "GET",
  path: "/nodes",
  baseUrl: "https://pve1:8006",
  write,
  operation: "migrate",
  target: "vm:100",
});

const answer = (status: number, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  reason: "",
  headers: new Headers(headers),
  retryAfterMs: readRetryAfter(new Headers(headers), jumpingClock()),
  text: "",
  baseUrl: "https://pve1:8006",
});

describe("a status alone", () => {
  it.each([
    [200, undefined, undefined],
    [204, undefined, undefined],
    [302, "protocol", "not_applied"],
    [400, "invalid_argument", "not_applied"],
    [401, "auth", "not_applied"],
    [403, "permission", "not_applied"],
    [404, "not_found", "not_applied"],
    [409, "conflict", "not_applied"],
    [412, "precondition_failed", "not_applied"],
    [429, "rate_limited", "not_applied"],
    [500, "unavailable", "unknown"],
    [501, "unsupported", "not_applied"],
    [504, "unavailable", "unknown"],
    [700, "protocol", "unknown"],
  ])("%i means %s, of a write %s", (status, code, outcome) => {
    const error = errorFromStatus(answer(status), request(true));
    expect([error?.code, error?.outcome]).toEqual([code, outcome]);
    expect(errorFromStatus(answer(status), request(false))?.outcome).toBe(code && "not_applied");
  });

  it("of 429 gives an error that carries the wait asked for", () => {
    const error = errorFromStatus(answer(429, { "retry-after": "90" }), request(false));
    expect(error).toBeInstanceOf(RateLimitedError);
    expect(error).toMatchObject({ retryAfterMs: 90_000 });
  });
});

it.each([
  [undefined, undefined],
  ["7", 7000],
  ["Mon, 05 Jan 2026 10:00:30 GMT", 30_000],
  ["Mon, 05 Jan 2026 09:00:00 GMT", 0],
  ["soon", undefined],
])("reads Retry-After %s as %s ms", (text, ms) => {
  const headers: Record<string, string> = text === undefined ? {} : { "retry-after": text };
  expect(readRetryAfter(new Headers(headers), jumpingClock())).toBe(ms);
});

it("names a request for people", () => {
  expect(nameRequest(request(true))).toBe('migrate of vm:100 on "gold"');
  expect(nameRequest({ ...request(true), target: undefined })).toBe('migrate on "gold"');
});
