import { describe, expect, it } from "vitest";
import type { ErrorCode, Outcome } from "../../../src/index.ts";
import { classifyAnswer } from "../../../src/providers/proxmox/errors.ts";
import type { HttpAnswer, RequestInfo } from "../../../src/transport/answers.ts";

interface Case {
  readonly what: string;
  readonly status: number;
  readonly reason?: string;
  /** As text; an object is sent as JSON. */
  readonly body?: string | object;
  readonly code: ErrorCode;
  /** Of a write; of a read it is always `not_applied`. */
  readonly outcome?: Outcome;
  readonly says?: string;
}

const said = (message: string, errors?: object): object => ({
  data: null,
  message: `${message}\n`,
  ...(errors === undefined ? {} : { errors }),
});

const died = (what: string, message: string, code: ErrorCode, says?: string): Case => ({
  what,
  status: 500,
  reason: message,
  body: said(message),
  code,
  ...(says === undefined ? {} : { says }),
});

const CASES: readonly Case[] = [
  {
    what: "a parameter that does not fit",
    status: 400,
    reason: "Parameter verification failed.",
    body: said("Parameter verification failed.", { target: "target is local node." }),
    code: "invalid_argument",
    says: "target: target is local node",
  },
  {
    what: "the same without a message in the body, as before 2025",
    status: 400,
    reason: "Parameter verification failed.",
    body: { data: null, errors: { target: "target is local node." } },
    code: "invalid_argument",
    says: "target: target is local node",
  },
  {
    what: "a task that is not known",
    status: 400,
    reason: "Parameter verification failed.",
    body: said("Parameter verification failed.", { upid: "no such task" }),
    code: "not_found",
  },
  {
    what: "an id that is taken",
    status: 400,
    body: said("Parameter verification failed.", { vmid: "VM 100 already exists" }),
    code: "already_exists",
  },
  { what: "no ticket", status: 401, reason: "No ticket", code: "auth_expired" },
  {
    what: "a ticket refused, new text",
    status: 401,
    reason: "Authentication failed!",
    code: "auth_expired",
  },
  {
    what: "a ticket refused, old text",
    status: 401,
    reason: "permission denied - invalid PVE ticket",
    code: "auth_expired",
  },
  {
    what: "a write without CSRF token",
    status: 401,
    reason: "Permission denied - invalid csrf token",
    code: "auth_expired",
  },
  {
    what: "a missing privilege",
    status: 403,
    reason: "Permission check failed (/vms/100, VM.Migrate)",
    body: said("Permission check failed (/vms/100, VM.Migrate)"),
    code: "permission",
    says: "VM.Migrate on /vms/100",
  },
  {
    what: "one of several missing privileges",
    status: 403,
    body: said("Permission check failed (/storage/ceph, Datastore.Audit|Datastore.AllocateSpace)"),
    code: "permission",
    says: "Datastore.Audit or Datastore.AllocateSpace on /storage/ceph",
  },
  {
    what: "what tokens may not do",
    status: 403,
    reason: "URI '/access/ticket' not available with API token, need proper ticket.",
    code: "permission",
    says: "need proper ticket",
  },
  died("a locked VM", "VM is locked (backup)", "conflict", "wait for"),
  died("a locked container", "CT is locked (snapshot-delete)", "conflict"),
  died(
    "a lock file that stays taken",
    "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout",
    "conflict",
  ),
  died(
    "a guest that is not on that node",
    "Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist",
    "not_found",
  ),
  died(
    "a container that is not there",
    "Configuration file 'nodes/pve1/lxc/999.conf' does not exist",
    "not_found",
  ),
  died("an unknown target node", "no such cluster node 'pve9'", "not_found"),
  died(
    "an unknown node in the path",
    "hostname lookup 'pve9' failed - failed to get address info",
    "not_found",
  ),
  died("no quorum", "cluster not ready - no quorum?", "unavailable", "nodes of the cluster back"),
  died(
    "groups after the move to rules",
    "cannot index groups: ha groups have been migrated to rules",
    "unsupported",
  ),
  died(
    "a running VM without online",
    "can't migrate running VM without --online",
    "failed_precondition",
  ),
  died(
    "HA in error state",
    "service 'vm:100' in error state, must be disabled and fixed first",
    "failed_precondition",
  ),
  died(
    "a storage that is not on the target",
    "storage 'local-zfs' is not available on node 'pve2'",
    "failed_precondition",
  ),
  died("a guest that does not run", "VM 100 not running", "failed_precondition"),
  died("a full storage", "lvcreate error: no space left on device", "capacity"),
  died("a snapshot of that name", "snapshot name 'before' already used", "already_exists"),
  died(
    "a guest that HA still knows",
    "unable to remove VM 115 - used in HA resources and purge parameter not set.",
    "failed_precondition",
    "out of HA",
  ),
  died("a guest without agent", "No QEMU guest agent configured", "failed_precondition", "agent"),
  died(
    "a guest whose agent is off",
    "QEMU guest agent is not running",
    "failed_precondition",
    "guest agent",
  ),
  died("a storage that is off", "storage 'nfs' is not online", "failed_precondition", "storage"),
  died(
    "a guest without configuration",
    "unable to find configuration file for VM 100 on node 'pve1'",
    "not_found",
  ),
  died("what only root may", "only root can set 'args' config", "permission", "root@pam"),
  {
    ...died(
      "a guest that does not answer",
      "VM 100 qmp command 'query-status' failed - got timeout",
      "unavailable",
      "try again later",
    ),
    outcome: "unknown",
  },
  { ...died("anything else", "Bad luck", "operation_failed", "Bad luck"), outcome: "unknown" },
  {
    what: "a call that this version lacks",
    status: 501,
    reason: "Method 'GET /cluster/ha/rules' not implemented",
    body: said("Method 'GET /cluster/ha/rules' not implemented"),
    code: "unsupported",
  },
  {
    what: "a body where none may be",
    status: 501,
    reason: "Unexpected content for method 'DELETE'",
    body: "Unexpected content for method 'DELETE'",
    code: "unsupported",
  },
  {
    what: "a node out of reach",
    status: 595,
    reason: "No route to host",
    code: "unavailable",
    says: "No route to host",
  },
  {
    what: "a node whose port is closed",
    status: 595,
    reason: "Connection refused",
    code: "unavailable",
  },
  {
    what: "a node that stays silent",
    status: 596,
    reason: "Connection timed out",
    code: "unavailable",
    outcome: "unknown",
  },
  {
    what: "a node with another certificate",
    status: 596,
    reason: "tls_process_server_certificate: certificate verify failed",
    code: "unavailable",
  },
  {
    what: "an answer broken off",
    status: 597,
    reason: "Broken pipe",
    code: "unavailable",
    outcome: "unknown",
  },
  { what: "too many requests at a proxy", status: 429, body: "<html>", code: "rate_limited" },
  {
    what: "a proxy without its server",
    status: 502,
    body: "<html>",
    code: "unavailable",
    outcome: "unknown",
  },
  { what: "a page that is not there", status: 404, body: "<html>", code: "not_found" },
  { what: "a redirect to a login page", status: 302, code: "protocol" },
];

const answerOf = ({ status, reason = "", body = "" }: Omit<Case, "what" | "code">): HttpAnswer => ({
  retryAfterMs: undefined,
  status,
  reason,
  headers: new Headers(),
  text: typeof body === "string" ? body : JSON.stringify(body),
  baseUrl: "https://pve1:8006/api2/json",
});

const request = (write: boolean, path = "/nodes/pve1/qemu/100/migrate"): RequestInfo => ({
  connection: "gold",
  method: write ? "POST" : "GET",
  path,
  baseUrl: "https://pve1:8006/api2/json",
  write,
  operation: "migrate",
  target: "vm:100",
});

describe("answers of Proxmox VE", () => {
  it.each(CASES)("$what is $code", (example) => {
    const write = classifyAnswer(answerOf(example), request(true), true);
    const read = classifyAnswer(answerOf(example), request(false), true);
    expect([write?.code, write?.outcome]).toEqual([example.code, example.outcome ?? "not_applied"]);
    expect([read?.code, read?.outcome]).toEqual([example.code, "not_applied"]);
    expect(write?.message).toContain('migrate of vm:100 on "gold" was');
    if (example.says !== undefined) expect(write?.message).toContain(example.says);
    expect(write?.context).toEqual({ connector: "gold", operation: "migrate", target: "vm:100" });
  });

  it("lets a read that failed for no known reason be tried again, a write never", () => {
    const answer = answerOf({ status: 500, body: said("Bad luck") });
    expect(classifyAnswer(answer, request(false), true)?.retryable).toBe(true);
    expect(classifyAnswer(answer, request(true), true)?.retryable).toBe(false);
  });

  it("takes a good answer as one", () => {
    expect(
      classifyAnswer(answerOf({ status: 200, body: { data: [] } }), request(true), true),
    ).toBeUndefined();
  });

  it("does not hope for a new login with a token, nor at the login itself", () => {
    const answer = answerOf({ status: 401, reason: "Authentication failed!" });
    expect(classifyAnswer(answer, request(false), false)?.code).toBe("auth");
    expect(classifyAnswer(answer, request(false, "/access/ticket"), true)?.code).toBe("auth");
  });

  it("names a field of a secret without what was said about it", () => {
    const answer = answerOf({
      status: 400,
      body: said("Parameter verification failed.", { password: "value 'hush' is too short" }),
    });
    const error = classifyAnswer(answer, request(true), true);
    expect(error?.message).toContain("password");
    expect(JSON.stringify([error, error?.stack])).not.toContain("hush");
  });

  it("cuts a text that has no end", () => {
    const error = classifyAnswer(
      answerOf({ status: 500, body: said("x".repeat(5000)) }),
      request(true),
      true,
    );
    expect(error?.message.length).toBeLessThan(500);
  });
});
