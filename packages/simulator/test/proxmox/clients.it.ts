import { setTimeout as sleep } from "node:timers/promises";
import { PveClient } from "@corsinvest/cv4pve-api-javascript";
import { type ProxmoxSimulator, startProxmox } from "@kappa4/simulator";
import { proxmoxApi } from "proxmox-api";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { READER, TOKEN } from "./client.ts";

const PASSWORD = "right password";
const VERIFY = "NODE_TLS_REJECT_UNAUTHORIZED";
const verifyBefore = process.env[VERIFY];

beforeAll(() => {
  // proxmox-api has no option for a certificate authority; this is what its users set.
  process.env[VERIFY] = "0";
});
afterAll(() => {
  if (verifyBefore === undefined) delete process.env[VERIFY];
  else process.env[VERIFY] = verifyBefore;
});

describe.each(["8.4", "9.1"])("other people's clients against Proxmox VE %s", (version) => {
  let simulator: ProxmoxSimulator;

  beforeEach(async () => {
    simulator = await startProxmox({
      version,
      timeScale: 400,
      tokens: [TOKEN],
      readOnlyToken: READER,
      password: PASSWORD,
      offline: ["pve4"],
    });
    return () => simulator.close();
  });

  describe("proxmox-api", () => {
    // The undici that it brings refuses the content-length header that it sets; Node's own fetch does not.
    const place = (): { host: string; port: number; fetch: never } => ({
      host: "127.0.0.1",
      port: simulator.port,
      fetch: fetch as never,
    });
    const withPassword = (password = PASSWORD): ReturnType<typeof proxmoxApi> =>
      proxmoxApi({ ...place(), username: "root@pam", password });
    const withToken = (token = TOKEN): ReturnType<typeof proxmoxApi> =>
      proxmoxApi({
        ...place(),
        tokenID: token.id,
        tokenSecret: token.secret,
      });

    test("logs in with password and token, and is refused with wrong ones", async () => {
      expect(await withPassword().version.$get()).toMatchObject({ release: version });
      expect(await withToken().version.$get()).toMatchObject({ release: version });
      await expect(withPassword("wrong password").version.$get()).rejects.toThrow(/Auth .* Failed/);
      const stranger = { ...TOKEN, secret: READER.secret };
      await expect(withToken(stranger).version.$get()).rejects.toThrow(/401/);
    });

    test("reads nodes, guests and configurations", async () => {
      const api = withPassword();
      const nodes = await api.nodes.$get();
      expect(nodes.map((node) => `${node.node} ${node.status}`).toSorted()).toEqual([
        "pve1 online",
        "pve2 online",
        "pve3 online",
        "pve4 offline",
      ]);
      const resources = await api.cluster.resources.$get({ type: "vm" });
      expect(resources).toHaveLength(24);
      const vms = await api.nodes.$("pve2").qemu.$get();
      expect(vms.map((vm) => vm.vmid).toSorted()).toEqual([103, 106, 107, 110, 114]);
      const config = await api.nodes.$("pve2").qemu.$(103).config.$get();
      expect(config).toMatchObject({ name: "db-2", cores: 8, memory: "16384" });
    });

    test.each([
      ["a VM", "qemu", 103, "pve2", { target: "pve3", online: true }],
      ["a container", "lxc", 202, "pve2", { target: "pve3", restart: true }],
    ] as const)("moves %s and waits for the end", async (_, kind, id, node, options) => {
      const api = withToken();
      const upid = await api.nodes.$(node)[kind].$(id).migrate.$post(options);
      expect(await untilStopped(() => api.nodes.$(node).tasks.$(upid).status.$get())).toBe("OK");
      expect(simulator.guest(id).node).toBe("pve3");
      expect(simulator.guest(id).running).toBe(true);
    });
  });

  describe("cv4pve-api-javascript", () => {
    const withToken = (token = TOKEN): PveClient => {
      const client = new PveClient("127.0.0.1", simulator.port);
      client.apiToken = `${token.id}=${token.secret}`;
      client.logEnabled = false;
      return client;
    };

    test("logs in with password and token, and is refused with wrong ones", async () => {
      const client = new PveClient("127.0.0.1", simulator.port);
      client.logEnabled = false;
      expect(await client.login("root", "wrong password")).toBe(false);
      expect(await client.login("root", PASSWORD, "pam")).toBe(true);
      expect((await client.version.version()).response.data).toMatchObject({ release: version });
      expect((await withToken().version.version()).isSuccessStatusCode).toBe(true);
      // An empty body is no JSON; that is what this client makes of a 401 of any Proxmox VE.
      const stranger = withToken({ ...TOKEN, secret: READER.secret });
      await expect(stranger.version.version()).rejects.toThrow(/Invalid response format/);
    });

    test("reads resources and preconditions", async () => {
      const client = withToken();
      const resources = await client.cluster.resources.resources("vm");
      expect(resources.response.data).toHaveLength(24);
      const status = await client.cluster.status.getStatus();
      expect(status.response.data).toHaveLength(5);
      const local = client.nodes.get("pve1").qemu.get(111).migrate;
      const { data } = (await local.migrateVmPrecondition("pve3")).response;
      expect(data).toMatchObject({ running: 1, local_disks: [{ drivename: "scsi0" }] });
    });

    test("moves a VM with a local disk and a container", async () => {
      const client = withToken();
      const vm = await client.create("/nodes/pve1/qemu/111/migrate", {
        target: "pve3",
        online: true,
        "with-local-disks": true,
      });
      const container = await client.create("/nodes/pve1/lxc/200/migrate", {
        target: "pve2",
        restart: true,
      });
      for (const { response } of [vm, container]) {
        expect(await client.waitForTaskToFinish(response.data, 20, 20_000)).toBe(true);
        expect(await client.getExitStatusTask(response.data)).toBe("OK");
      }
      expect(simulator.guest(111).node).toBe("pve3");
      expect(simulator.guest(200).node).toBe("pve2");
    });

    test("keeps connections of a VM where the version can", async () => {
      const flag = await withToken().create("/nodes/pve1/qemu/100/migrate", {
        target: "pve2",
        online: true,
        "with-conntrack-state": true,
      });
      expect(flag.statusCode).toBe(version === "8.4" ? 400 : 200);
    });
  });
});

async function untilStopped(
  read: () => Promise<{ status: string; exitstatus?: string | undefined }>,
): Promise<string | undefined> {
  for (;;) {
    const { status, exitstatus } = await read();
    if (status === "stopped") return exitstatus;
    await sleep(20);
  }
}
