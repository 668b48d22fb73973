import { readFile } from "node:fs/promises";
import { inspect } from "node:util";
import { afterEach, describe, expect, expectTypeOf, it } from "vitest";
import { asProxmoxApi } from "../../../src/providers/proxmox/proxmox-api.ts";
import { connectTo, startCluster, TOKEN_SECRET } from "./target.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start() {
  const simulator = await startCluster();
  open.push(simulator);
  const connector = connectTo(simulator);
  open.push(connector);
  return { simulator, connector };
}

const folder = new URL("../../../src/providers/proxmox/", import.meta.url);

describe("the native API", () => {
  it("has types for every path of the document and for no other", async () => {
    const document = await readFile(new URL("openapi.yaml", folder), "utf8");
    const types = await readFile(new URL("api.gen.ts", folder), "utf8");
    const written = [...document.matchAll(/^ {2}(\/\S+):$/gm)].map(([, path]) => path);
    const generated = [...types.matchAll(/^ {2}readonly "(\/\S+)": \{$/gm)].map(([, path]) => path);
    expect(generated).toEqual(written);
    expect(written.length).toBeGreaterThan(50);
  });

  it("has the types of the document", async () => {
    const { native } = (await start()).connector;
    const version = await native.get("/version");
    expectTypeOf(version.release).toEqualTypeOf<string>();
    expectTypeOf(native.get<"/nodes">)
      .returns.resolves.items.toHaveProperty("node")
      .toEqualTypeOf<string>();
    expectTypeOf(native.post<"/nodes/{node}/qemu/{vmid}/migrate">)
      .parameter(1)
      .toHaveProperty("target")
      .toEqualTypeOf<string>();
    // @ts-expect-error a path that only answers GET
    const wrong = () => native.post("/version");
    expect([version.release, typeof wrong]).toEqual(["9.1", "function"]);
  });

  it.each(["?password=hush5ecret", "#hush5ecret"])(
    "takes no path with %s, and repeats none of it",
    async (tail) => {
      const { simulator, connector } = await start();
      const put = connector.native.request("PUT", `/access/password${tail}`);
      const error = await put.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "invalid_argument", outcome: "not_applied" });
      expect(inspect(error, { depth: 9 })).not.toContain("hush5ecret");
      expect(simulator.requests).toEqual([]);
    },
  );

  it("puts names into the path and the rest into the query or the form", async () => {
    const { simulator, connector } = await start();
    const rows = await connector.native.get("/cluster/resources", { type: "vm" });
    expect(rows.every(({ vmid }) => vmid !== undefined)).toBe(true);
    const upid = await connector.native.post("/nodes/{node}/lxc/{vmid}/migrate", {
      node: "pve1",
      vmid: 200,
      target: "pve3",
      restart: 1,
    });
    expect(upid).toMatch(/^UPID:pve1:.*:vzmigrate:200:/);
    const task = await connector.native.get("/nodes/{node}/tasks/{upid}/status", {
      node: "pve1",
      upid,
    });
    expect(task.status).toBe("running");
    expect(simulator.requests.at(-1)?.path).toContain("/tasks/");
  });

  it("refuses names that would become other paths", async () => {
    const { simulator, connector } = await start();
    for (const node of ["", "..", "pve1/qemu", "a\nb"]) {
      await expect(connector.native.get("/nodes/{node}/version", { node })).rejects.toMatchObject({
        code: "invalid_argument",
      });
    }
    expect(simulator.requests).toEqual([]);
  });

  it("refuses parameters that have no form", async () => {
    const { connector } = await start();
    const call = connector.native.request("POST", "/nodes", { a: { b: 1 } });
    await expect(call).rejects.toMatchObject({ code: "invalid_argument" });
  });
});

describe("the tree of the package proxmox-api", () => {
  it("reads, moves and follows over the connector's own line", async () => {
    const { simulator, connector } = await start();
    const api = asProxmoxApi(connector);
    expect((await api.version.$get()).release).toBe("9.1");
    const nodes = await api.nodes.$get();
    expect(nodes.map(({ node }) => node).sort()).toEqual(["pve1", "pve2", "pve3", "pve4"]);
    const upid = await api.nodes
      .$("pve1")
      .lxc.$(200)
      .migrate.$post({ target: "pve3", restart: true });
    simulator.advance(600_000);
    const task = await api.nodes.$("pve1").tasks.$(upid).status.$get();
    expect(task.exitstatus).toBe("OK");
    expect(simulator.placements().get(200)).toBe("pve3");
    const resources = await api.cluster.resources.$get({ type: "vm" });
    expect(resources.find(({ vmid }) => vmid === 200)?.node).toBe("pve3");
  });

  it("throws the connector's errors", async () => {
    const { connector } = await start();
    const api = asProxmoxApi(connector);
    await expect(
      api.nodes.$("pve1").lxc.$(200).migrate.$post({ target: "pve1" }),
    ).rejects.toMatchObject({
      code: "invalid_argument",
      context: { connector: "gold" },
    });
  });

  it("can be awaited, printed and not written to", async () => {
    const { connector } = await start();
    const api = asProxmoxApi(connector);
    expect(await api.nodes).toBeDefined();
    expect(inspect(api) + JSON.stringify(api)).not.toContain(TOKEN_SECRET);
    expect(() => Object.assign(api, { nodes: 1 })).toThrow();
  });
});
