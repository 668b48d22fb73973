import { describe, expect, it } from "vitest";
import type { ErrorCode, Kappa4Error } from "../../../src/contract/errors.ts";
import {
  clean,
  errorFromAnswer,
  errorFromOperation,
  isAlreadyInState,
  mustBeStopped,
} from "../../../src/providers/lxd/errors.ts";
import type { RequestInfo } from "../../../src/transport/answers.ts";

const request: RequestInfo = {
  connection: "lab",
  method: "POST",
  path: "/1.0/instances/c1",
  baseUrl: "https://127.0.0.2:8443",
  write: true,
  operation: "migrate",
  target: "c1",
};

function answered(status: number, error: string): Kappa4Error | undefined {
  const text = JSON.stringify({ type: "error", error_code: status, error, metadata: null });
  const answer = {
    status,
    reason: "",
    headers: new Headers(),
    retryAfterMs: undefined,
    text,
    baseUrl: request.baseUrl,
  };
  return errorFromAnswer(answer, request);
}

// Status, text as seen on the wire, and what it means. "op" marks texts of operations that failed later.
const LXD_5_0: readonly (readonly [number | "op", string, ErrorCode])[] = [
  [404, "Instance not found", "not_found"],
  [404, "Failed to get address of instance's member: Instance not found", "not_found"],
  [404, "Failed to get target node: Cluster member not found", "not_found"],
  [404, "Image alias not found", "not_found"],
  [404, "Operation not found", "not_found"],
  [
    400,
    "Invalid instance name: Name can only contain alphanumeric and hyphen characters",
    "invalid_argument",
  ],
  [500, 'Requested profile "x" doesn\'t exist', "invalid_argument"],
  ["op", "Failed creating instance record: Unknown configuration key: x", "invalid_argument"],
  [
    "op",
    'Failed creating instance record: Add instance info to the database: This "instances" entry already exists',
    "already_exists",
  ],
  ["op", "Storage pool not found", "not_found"],
  ["op", "Snapshot c3/s9 does not exist", "not_found"],
  [400, "Instance is running", "failed_precondition"],
  ["op", "The instance is already running", "failed_precondition"],
  ["op", "The instance is already stopped", "failed_precondition"],
  [400, "Instance has backups", "failed_precondition"],
  ["op", "Delete instance operation failed: Container is protected", "failed_precondition"],
  [412, "ETag doesn't match: abc vs def", "precondition_failed"],
  [500, 'Reached maximum number of instances in project "t1"', "quota"],
  [500, "Only empty projects can be removed", "failed_precondition"],
  [403, "Cluster member is evacuated", "unavailable"],
  [403, "not authorized", "permission"],
  [500, "Server is not clustered", "failed_precondition"],
  [400, "Target node is offline", "unavailable"],
  [500, "Missing event connection with target cluster member", "unavailable"],
  [
    "op",
    'Failed to connect to destination server "127.0.0.4:22458": Missing event connection with target cluster member',
    "unavailable",
  ],
  [
    500,
    "Get 'https://127.0.0.4:22458/1.0/resources': x509: certificate is valid for 127.0.0.1, ::1, not 127.0.0.4",
    "unavailable",
  ],
  ["op", "Target must be different than instance's current location", "failed_precondition"],
  ["op", "Cluster member is already evacuated", "failed_precondition"],
  [
    "op",
    'Delete instance operation failed: Failed to create instance delete operation: Instance is busy running a "stop" operation',
    "conflict",
  ],
  [
    "op",
    'Failed creating instance record: Instance type "virtual-machine" is not supported on this server: vhost_vsock kernel module not loaded',
    "unsupported",
  ],
  [500, "Unable to migrate container state: CRIU isn't installed on the host", "unsupported"],
];

const INCUS_6_0: readonly (readonly [number | "op", string, ErrorCode])[] = [
  [404, "Instance not found", "not_found"],
  [400, "Instance must be stopped to be moved statelessly", "failed_precondition"],
  ["op", "UNIQUE constraint failed: instances.project_id, instances.name", "already_exists"],
  ["op", "Instance is protected", "failed_precondition"],
  [
    "op",
    "Instance move to destination failed on source: Failed migration on source: Error reading migration control target: websocket: close 1006 (abnormal closure): unexpected EOF",
    "unavailable",
  ],
  ["op", "Image not provided for instance creation", "not_found"],
  ["op", "Failed creating instance record: Unknown configuration key: nokey", "invalid_argument"],
  [
    "op",
    "Requested image's type 'container' doesn't match instance type 'virtual-machine'",
    "invalid_argument",
  ],
  [500, 'Reached maximum number of instances in project "t1"', "quota"],
  [403, "Cluster member is evacuated", "unavailable"],
  ["op", "Storage pool not found", "not_found"],
];

describe.each([
  ["LXD 5.0.2", LXD_5_0],
  ["Incus 6.0.4", INCUS_6_0],
])("texts of %s", (_brand, rows) => {
  it.each(rows)("%s %s is %s", (status, text, code) => {
    const failed = { name: "migrate of c1", context: {}, outcome: "not_applied" } as const;
    const error = status === "op" ? errorFromOperation(text, failed) : answered(status, text);
    expect(error?.code).toBe(code);
    expect(error?.message).toMatch(/; [^;]+\.$/);
  });
});

describe("errorFromAnswer", () => {
  it("has nothing to say of a good status, whatever the body holds", () => {
    expect(answered(200, "context deadline exceeded")).toBeUndefined();
    expect(answered(202, "")).toBeUndefined();
  });

  it("leaves open whether a write that failed for an unknown reason took effect", () => {
    const error = answered(500, "something new");
    expect(error).toMatchObject({ code: "operation_failed", outcome: "unknown" });
    expect(error).toHaveProperty("log", ["something new"]);
  });

  it("knows that nothing reached a member that is away, and spares the transport another attempt", () => {
    const error = answered(500, "Missing event connection with target cluster member");
    expect(error).toMatchObject({ outcome: "not_applied", retryable: false });
    const quorum = answered(500, "Failed to begin transaction: context deadline exceeded");
    expect(quorum).toMatchObject({ code: "unavailable", outcome: "unknown", retryable: true });
  });

  it("knows that a write refused by a check had no effect", () => {
    expect(answered(500, 'Requested profile "x" doesn\'t exist')?.outcome).toBe("not_applied");
  });

  it("falls back on the status when the body is no JSON", () => {
    const text = "<html>Bad gateway</html>";
    const answer = {
      status: 502,
      reason: "",
      headers: new Headers(),
      retryAfterMs: undefined,
      text,
      baseUrl: "https://x",
    };
    expect(errorFromAnswer(answer, request)?.code).toBe("unavailable");
  });

  it("names the instance, the connection and where it happened", () => {
    const error = answered(403, "Cluster member is evacuated");
    expect(error?.message).toBe(
      'migrate of c1 on "lab" was refused with "Cluster member is evacuated"; restore the member or choose another one.',
    );
    expect(error?.context).toEqual({ connector: "lab", operation: "migrate", target: "c1" });
  });
});

describe("the provider's words", () => {
  it("are shown without query strings, on one line and not without end", () => {
    const secret = 'Get "https://10.0.0.1:8443/1.0/x?secret=hunter2": dial tcp\nrefused.';
    expect(clean(secret)).toBe("Get 'https://10.0.0.1:8443/1.0/x': dial tcp refused");
    expect(clean("x".repeat(1000))).toHaveLength(303);
  });

  it("tell what was done already from what must be stopped first", () => {
    expect(isAlreadyInState("The instance is already running")).toBe(true);
    expect(isAlreadyInState("Instance is running")).toBe(false);
    expect(mustBeStopped(answered(400, "Instance must be stopped to be moved statelessly"))).toBe(
      true,
    );
    expect(mustBeStopped(answered(400, "Instance has backups"))).toBe(false);
    expect(mustBeStopped(new Error("must be stopped to be moved statelessly"))).toBe(false);
  });
});
