import { type ProxmoxSimulator, startProxmox } from "@kappa4/simulator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, TOKEN } from "./client.ts";

let simulator: ProxmoxSimulator;
beforeAll(async () => {
  simulator = await startProxmox({ tokens: [TOKEN] });
});
afterAll(() => simulator.close());

const migrate = "/nodes/pve1/qemu/100/migrate";
const container = "/nodes/pve1/lxc/200/migrate";

test.each([
  [
    "unknown",
    migrate,
    { target: "pve2", colour: "blue" },
    {
      colour:
        "property is not defined in schema and the schema does not allow additional properties",
    },
  ],
  ["missing", migrate, {}, { target: "property is missing and it is not optional" }],
  [
    "not a number",
    container,
    { target: "pve2", timeout: "soon" },
    { timeout: "type check ('integer') failed - got 'soon'" },
  ],
  [
    "too small",
    migrate,
    { target: "pve2", bwlimit: "-1" },
    { bwlimit: "value must have a minimum value of 0" },
  ],
  [
    "none of the words",
    migrate,
    { target: "pve2", migration_type: "quick" },
    {
      migration_type: "value 'quick' does not have a value in the enumeration 'secure, insecure'",
    },
  ],
  [
    "badly formed",
    migrate,
    { target: "no node!" },
    { target: "invalid format - value does not look like a valid node name\n" },
  ],
  [
    "for root only",
    migrate,
    { target: "pve2", force: "1", online: "1" },
    { force: "Only root may use this option." },
  ],
  [
    "several at once",
    migrate,
    { colour: "blue", bwlimit: "x" },
    {
      colour: expect.stringContaining("not defined in schema"),
      bwlimit: "type check ('integer') failed - got 'x'",
      target: "property is missing and it is not optional",
    },
  ],
])("a parameter that is %s", async (_, path, form, errors) => {
  const answer = await call(simulator, "POST", path, form as Record<string, string>);
  expect(answer.status).toBe(400);
  expect(answer.reason).toBe("Parameter verification failed.");
  expect(answer.body?.errors).toEqual(errors);
});

test("the path is checked like everything else", async () => {
  const low = await call(simulator, "GET", "/nodes/pve1/qemu/99/config");
  const text = await call(simulator, "GET", "/nodes/pve1/qemu/web/config");
  const twice = await call(simulator, "GET", "/nodes/pve1/qemu/100/config?vmid=101");
  expect(low.body?.errors).toEqual({ vmid: "value must have a minimum value of 100" });
  expect(text.body?.errors).toEqual({ vmid: "type check ('integer') failed - got 'web'" });
  expect(twice.body?.errors).toEqual({ vmid: "duplicate parameter (already defined in URI)" });
});

test("privileges are looked at before parameters, and the way to the node before those", async () => {
  const stranger = await startProxmox({
    tokens: [{ ...TOKEN, privsep: true }],
    offline: ["pve4"],
  });
  const refused = await call(stranger, "POST", migrate, { colour: "blue" });
  expect(refused.status).toBe(403);
  const unreachable = await call(stranger, "GET", "/nodes/pve4/version?colour=blue");
  expect(unreachable.status).toBe(595);
  await stranger.close();
});
