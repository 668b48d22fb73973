import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ProxmoxSimulator, startProxmox } from "../../packages/simulator/src/index.ts";
import {
  type Asker,
  casesOf,
  type ErrorCase,
  type World,
} from "../../packages/simulator/test/proxmox/error-cases.ts";
import {
  expireTickets,
  openWorlds,
  PASSWORD,
  ticketOf,
} from "../../packages/simulator/test/proxmox/error-worlds.ts";

const servers = (file: string): string =>
  fileURLToPath(new URL(`../servers/${file}`, import.meta.url));
const TOKEN = {
  user: "automation@pve",
  name: "kappa4",
  value: "11111111-2222-4333-8444-555555555555",
};
const READER = { user: "viewer@pve", name: "ro", value: "66666666-7777-4888-9999-000000000000" };
const CANNOT_RUN = 77;

let python: string | undefined;
let unavailable: string | undefined;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "proxmoxer-"));
  const found = await run(servers("proxmoxer.sh"), [], "");
  const reason = found.errors.trim().split("\n").at(-1) ?? "";
  if (found.code === 0) python = found.output.trim();
  else if (found.code !== CANNOT_RUN || process.env.KAPPA4_SERVERS === "required") {
    throw new Error(reason);
  } else unavailable = reason;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach((context) => {
  if (unavailable === undefined) return;
  console.info(`skipped: ${unavailable}`);
  context.skip(unavailable);
});

describe.each(["8.4", "9.1"])("proxmoxer against Proxmox VE %s", (version) => {
  let simulator: ProxmoxSimulator | undefined;
  let worlds: Worlds | undefined;
  let seen: Seen;

  beforeAll(async () => {
    if (python === undefined) return;
    simulator = await startProxmox({
      version,
      timeScale: 200,
      password: PASSWORD,
      tokens: [{ id: `${TOKEN.user}!${TOKEN.name}`, secret: TOKEN.value }],
      readOnlyToken: { id: `${READER.user}!${READER.name}`, secret: READER.value },
      offline: ["pve4"],
    });
    worlds = await openWorlds(version);
    seen = await drive(python, simulator, await refusalsOf(worlds, version));
  });
  afterAll(async () => {
    const all = [simulator, ...Object.values(worlds ?? {})];
    await Promise.all(all.map((each) => each?.close()));
  });

  test("logs in with password and token, and is refused with wrong ones", () => {
    expect(seen.login).toEqual({
      password: version,
      wrong_password: { reason: expect.stringContaining("Couldn't authenticate user") },
      token: version,
      wrong_token: { status: 401, reason: "Authentication failed!", errors: "" },
    });
  });

  test("reads the cluster", () => {
    expect(seen.read).toMatchObject({
      nodes: ["pve1 online", "pve2 online", "pve3 online", "pve4 offline"],
      guests: 24,
      cluster: ["lab", "pve1", "pve2", "pve3", "pve4"],
      config: "db-2",
      allowed: ["pve1", "pve3", "pve4"],
    });
    expect(seen.read.privileges).toContain("VM.Audit");
    expect(seen.read.privileges).not.toContain("VM.Migrate");
  });

  test("moves a VM and a container to the end of the task", () => {
    expect(seen.moves).toEqual({
      vm: { type: "qmigrate", exitstatus: "OK", last: "TASK OK" },
      container: { type: "vzmigrate", exitstatus: "OK", last: "TASK OK" },
    });
    expect(simulator?.guest(103).node).toBe("pve3");
    expect(simulator?.guest(202).node).toBe("pve3");
  });

  test.each(casesOf(version).map(({ name, ...wanted }) => [name, wanted] as const))(
    "understands %s",
    (name, { path, status, reason, body }) => {
      const isLogin = path === "/access/ticket";
      // Version 1.2.0 of the client shows of a body only what is no JSON.
      const errors = typeof body === "string" ? body : null;
      expect(seen.refusals[name]).toEqual(
        isLogin
          ? { reason: expect.stringContaining("Couldn't authenticate user") }
          : { status, reason, errors },
      );
    },
  );
});

type Worlds = Readonly<Record<World, ProxmoxSimulator>>;

interface Seen {
  readonly login: Record<string, unknown>;
  readonly read: Record<string, unknown>;
  readonly refusals: Record<string, unknown>;
  readonly moves: Record<string, unknown>;
}

async function drive(
  executable: string,
  simulator: ProxmoxSimulator,
  cases: readonly unknown[],
): Promise<Seen> {
  const settings = {
    port: simulator.port,
    ca: caFile(simulator),
    password: PASSWORD,
    token: TOKEN,
    reader: READER,
    vm: { node: "pve2", id: 103, target: "pve3" },
    container: { node: "pve2", id: 202, target: "pve3" },
    cases,
  };
  const result = await run(executable, [servers("proxmoxer-drive.py")], JSON.stringify(settings));
  if (result.code !== 0) throw new Error(result.errors);
  return JSON.parse(result.output) as Seen;
}

/** The cases of a version with where to send them and what to log in with, in the client's own words. */
async function refusalsOf(worlds: Worlds, version: string): Promise<readonly unknown[]> {
  const expired = { today: await ticketOf(worlds.today), before: await ticketOf(worlds.before) };
  expireTickets(worlds.today);
  expireTickets(worlds.before);
  const loginOf = ({ as, world }: ErrorCase): unknown => {
    const password = { credentials: { user: "root@pam", password: PASSWORD } };
    const stale = world === "before" ? expired.before : expired.today;
    const logins: Readonly<Record<Asker, unknown>> = {
      admin: byToken(TOKEN),
      reader: byToken(READER),
      nobody: { ...byToken(TOKEN), auth: null },
      "unknown token": byToken({ ...TOKEN, value: READER.value }),
      "wrong password": { credentials: { user: "root@pam", password: "wrong password" } },
      "expired ticket": { ...password, auth: { pve_auth_ticket: stale } },
      "ticket without CSRF": { ...password, auth: { csrf_prevention_token: "" } },
    };
    return logins[as];
  };
  return casesOf(version).map((each) => {
    const simulator = worlds[each.world];
    const place = { port: simulator.port, ca: caFile(simulator) };
    return { ...each, ...place, ...Object(loginOf(each)) };
  });
}

function byToken({ user, name, value }: typeof TOKEN): { readonly credentials: unknown } {
  return { credentials: { user, token_name: name, token_value: value } };
}

/** Writes the authority of a simulated cluster to where the client can read it. */
function caFile(simulator: ProxmoxSimulator): string {
  const file = join(folder, `${simulator.port}.pem`);
  writeFileSync(file, simulator.ca);
  return file;
}

async function run(
  program: string,
  args: readonly string[],
  input: string,
): Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }> {
  return await new Promise((resolve, reject) => {
    const child = spawn(program, args);
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output, errors }));
    child.stdin.end(input);
  });
}
