import { describe, expect, it } from "vitest";
import { lookOf, parseOperationUrl } from "../../../src/providers/lxd/look.ts";
import { operationSchema } from "../../../src/providers/lxd/payloads.ts";

const read = (envelope: Parameters<typeof lookOf>[0]) =>
  lookOf(envelope, (metadata) => operationSchema.parse(metadata));

const operation = (status_code: number, err = "") => ({
  type: "sync",
  metadata: { id: "x", status: "s", status_code, err },
});

describe("parseOperationUrl", () => {
  it("keeps the query apart, so that /wait can be appended to the path", () => {
    expect(parseOperationUrl("/1.0/operations/abc?project=t1")).toEqual({
      path: "/1.0/operations/abc",
      query: { project: "t1" },
    });
    expect(parseOperationUrl("/1.0/operations/abc")).toEqual({
      path: "/1.0/operations/abc",
      query: {},
    });
  });
});

describe("lookOf", () => {
  it.each([[100], [103], [105]])("takes status %i for unfinished", (code) => {
    expect(read(operation(code)).state).toBe("running");
  });

  it("reads success, failure and cancellation from the operation", () => {
    expect(read(operation(200))).toEqual({ state: "ended", error: undefined, cancelled: false });
    expect(read(operation(400, "No space left"))).toEqual({
      state: "ended",
      error: "No space left",
      cancelled: false,
    });
    expect(read(operation(401))).toMatchObject({ state: "ended", cancelled: true });
  });

  it("reads a failure from an envelope of type error", () => {
    const envelope = { type: "error", error_code: 404, error: "Storage pool not found" };
    expect(read(envelope)).toEqual({
      state: "ended",
      error: "Storage pool not found",
      cancelled: false,
    });
  });

  it("does not take a wait that ran out of time for a failure of the work", () => {
    const envelope = { type: "error", error_code: 500, error: "context deadline exceeded" };
    expect(read(envelope)).toEqual({ state: "running", operation: undefined });
  });
});
