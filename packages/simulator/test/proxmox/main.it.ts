import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateCluster } from "@kappa4/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const TOKEN = "automation@pve!kappa4=11111111-2222-4333-8444-555555555555";
const READER = "viewer@pve!ro=66666666-7777-4888-9999-000000000000";
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "simulator-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("--cert-dir keeps the certificate from start to start, and the authority to trust", async () => {
  const directory = join(folder, "certificates");
  const lines: string[] = [];
  for (const _start of [1, 2]) {
    const { child, ended } = launch([
      "proxmox",
      "--listen",
      "127.0.0.1:0",
      "--cert-dir",
      directory,
    ]);
    const line = await firstLine(child);
    lines.push(line.replace(/:\d+ sha256/, " sha256"));
    const ca = readFileSync(join(directory, "pve-root-ca.pem"), "utf8");
    const url = /https:\S+/.exec(line)?.[0] ?? "";
    const status = await new Promise((resolve, reject) => {
      const call = request(`${url}/api2/json/version`, { ca }, (answer) =>
        resolve(answer.statusCode),
      );
      call.on("error", reject).end();
    });
    expect(status).toBe(401);
    child.kill("SIGTERM");
    await ended;
  }
  expect(lines[1]).toBe(lines[0]);
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function launch(args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ["--conditions=@kappa4/source", main, ...args]);
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code) => resolve({ code, output, errors }));
  });
  return { child, ended };
}

async function firstLine(child: ChildProcess): Promise<string> {
  return await new Promise((resolve, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString()));
    child.once("close", (code) => reject(new Error(`ended with ${code} before it was ready`)));
  });
}

async function get(url: string, token: string): Promise<{ status: number; body: unknown }> {
  return await new Promise((resolve, reject) => {
    const headers = { authorization: `PVEAPIToken=${token}` };
    request(url, { headers, rejectUnauthorized: false, agent: false }, (incoming) => {
      let text = "";
      incoming.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      incoming.on("end", () =>
        resolve({
          status: incoming.statusCode ?? 0,
          body: text === "" ? undefined : JSON.parse(text),
        }),
      );
    })
      .on("error", reject)
      .end();
  });
}

describe("the command", () => {
  test("prints one line when it is ready, serves, and ends with 0 when told to", async () => {
    const file = join(folder, "snapshot.json");
    writeFileSync(file, JSON.stringify(generateCluster({ nodes: 3, guests: 20 })));
    const { child, ended } = launch([
      ...["proxmox", "--listen", "127.0.0.1:0", "--snapshot", file, "--time-scale", "60"],
      ...["--version", "8.4", "--password", "pw-of-root", "--offline", "pve03"],
      ...["--token", TOKEN, "--read-only-token", READER, "--entry", "pve02=0"],
      ...["--fault", "status,status=503,path=/nodes"],
    ]);
    const line = await firstLine(child);
    expect(line).toMatch(
      /^listening https:\/\/127\.0\.0\.1:\d+ sha256=(?:[0-9A-F]{2}:){31}[0-9A-F]{2}\n$/,
    );
    const url = `${line.split(" ")[1]}/api2/json`;
    const resources = await get(`${url}/cluster/resources?type=vm`, TOKEN);
    const offline = await get(`${url}/nodes/pve03/version`, READER);
    const faulty = await get(`${url}/nodes`, READER);
    child.kill("SIGTERM");
    expect((resources.body as { data: unknown[] }).data).toHaveLength(20);
    expect([resources.status, offline.status, faulty.status]).toEqual([200, 595, 503]);
    expect(await ended).toEqual({ code: 0, output: line, errors: "" });
  });

  test("shows its help", async () => {
    const { output, code } = await launch(["proxmox", "--help"]).ended;
    expect(code).toBe(0);
    expect(output).toMatch(/--time-scale/);
  });

  test.each([
    ["no kind", [], /No kind was given; choose proxmox/],
    ["an unknown kind", ["vcenter"], /There is no kind "vcenter"/],
    [
      "an unknown flag",
      ["proxmox", "--colour", "blue"],
      /Unknown option '--colour'; --help lists all\./,
    ],
    ["a misspelt flag", ["proxmox", "--listn", "x"], /'--listn'; did you mean --listen\?/],
    ["a flag without its value", ["proxmox", "--listen"], /--listen/],
    ["no address", ["proxmox", "--listen", "nowhere"], /--listen takes HOST:PORT/],
    ["no number", ["proxmox", "--time-scale", "fast"], /--time-scale takes a number/],
    ["a file that is not there", ["proxmox", "--snapshot", "/nonexistent"], /cannot be read/],
    ["a file that is no JSON", ["proxmox", "--resources", main], /is no JSON/],
    ["an unknown node", ["proxmox", "--offline", "pve9"], /There is no node "pve9"/],
    ["an unknown version", ["proxmox", "--version", "7.4"], /7\.4 is not simulated/],
    ["two clusters", ["proxmox", "--nodes", "3", "--snapshot", main], /no JSON|only one of/],
    ["a token without a secret", ["proxmox", "--token", "a@pve!b"], /--token takes ID=SECRET/],
    [
      "an unknown fault",
      ["proxmox", "--fault", "flood"],
      /The fault "flood" is not understood: it begins with one of .*task-fails/,
    ],
  ])("refuses %s with one message and exit code 2", async (_, args, message) => {
    const { code, output, errors } = await launch(args).ended;
    expect([code, output]).toEqual([2, ""]);
    expect(errors).toMatch(message);
    expect(errors).not.toMatch(/\n\s+at /);
  });
});
