import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A container to be made for a test. */
export interface ContainerInput {
  readonly name: string;
  readonly member: string;
  /** `limits.memory`. Default 64 MiB. */
  readonly memoryBytes?: number | undefined;
  /** Megabytes that the container really fills, so that measured use is more than nothing. Default 0. */
  readonly loadMegabytes?: number | undefined;
  /** Words of `user.kappa4.tags`. */
  readonly tags?: readonly string[] | undefined;
  /** Further configuration keys. */
  readonly config?: Readonly<Record<string, string>> | undefined;
  /** Default true. */
  readonly start?: boolean | undefined;
}

/** A container as the cluster itself tells it. */
export interface ContainerState {
  readonly name: string;
  readonly member: string;
  readonly status: string;
  readonly uid: string;
}

/** A place in the daemons' logs. */
export type LogMark = ReadonlyMap<string, number>;

/** A real LXD cluster on this machine, and a client of its own that shares nothing with the connector. */
export interface LxdCluster {
  readonly dir: string;
  readonly endpoints: readonly string[];
  readonly members: readonly string[];
  /** SHA-256 of the certificate that all members show. */
  readonly fingerprint: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Alias of the image that containers are made of. */
  readonly image: string;
  createContainers(containers: readonly ContainerInput[]): Promise<void>;
  /** Names, places and states of all containers, by name. */
  containers(): Promise<readonly ContainerState[]>;
  deleteContainers(): Promise<void>;
  /** One call of LXD's API; waits for the operation if there is one. Throws what LXD says when it refuses. */
  call(method: string, path: string, body?: object): Promise<unknown>;
  /** The member dies without a word. */
  killMember(member: string): Promise<void>;
  reviveMember(member: string): Promise<void>;
  /** Remembers where the logs of the daemons end now. */
  mark(): LogMark;
  /** Requests of TLS clients since then that may change something, as "METHOD /path"; the daemons log every request. */
  writesSince(mark: LogMark): readonly string[];
  stop(): Promise<void>;
}

/** Why there is no cluster. */
export interface NoLxd {
  readonly unavailable: string;
}

const SCRIPT = fileURLToPath(new URL("./lxd.sh", import.meta.url));
const CANNOT_RUN = 77;
const AT_ONCE = 4;

/**
 * Starts a cluster. Where LXD cannot run the reason comes back instead, unless KAPPA4_SERVERS=required says that
 * a missing server is a failure.
 */
export async function startLxdCluster(
  options: { readonly members?: number | undefined } = {},
): Promise<LxdCluster | NoLxd> {
  const dir = mkdtempSync(join(tmpdir(), "k4-lxd-"));
  const { code, stderr } = await script(["start", dir, String(options.members ?? 3)]);
  if (code === 0) return open(dir);
  await script(["stop", dir]);
  rmSync(dir, { recursive: true, force: true });
  const reason = stderr.trim().split("\n").at(-1) ?? "";
  if (code === CANNOT_RUN && process.env.KAPPA4_SERVERS !== "required") {
    return { unavailable: reason };
  }
  throw new Error(`lxd.sh start ended with ${code}: ${stderr}`);
}

function open(dir: string): LxdCluster {
  const facts: Pick<
    LxdCluster,
    "endpoints" | "members" | "fingerprint" | "certFile" | "keyFile" | "image"
  > = JSON.parse(readFileSync(join(dir, "cluster.json"), "utf8"));
  const agent = new Agent({
    keepAlive: true,
    cert: readFileSync(facts.certFile),
    key: readFileSync(facts.keyFile),
    // The certificate names this machine, not the loopback addresses of the members; the fixture knows its own.
    rejectUnauthorized: false,
  });
  let endpoint = 0;
  const logs = facts.members.map((_, index) => join(dir, `n${index + 1}.log`));

  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const base = facts.endpoints[endpoint] ?? "";
    const answer = await send(agent, method, `${base}${path}`, body);
    if (answer.type === "error") throw new Error(`${method} ${path}: ${answer.error}`);
    if (!answer.operation) return answer.metadata;
    const [url = "", query = ""] = answer.operation.split("?");
    const ended = await send(agent, "GET", `${base}${url}/wait?${query}`);
    const { err } = ended.metadata as { err?: string };
    if (ended.type === "error" || err) throw new Error(`${method} ${path}: ${ended.error || err}`);
    return ended.metadata;
  }

  async function containers(): Promise<readonly ContainerState[]> {
    const found = (await call("GET", "/1.0/instances?recursion=1")) as {
      readonly name: string;
      readonly location: string;
      readonly status: string;
      /** Null while the member is away. */
      readonly config: Readonly<Record<string, string>> | null;
    }[];
    return found
      .map(({ name, location, status, config }) => ({
        name,
        member: location,
        status,
        uid: config?.["volatile.uuid"] ?? "",
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async function create(container: ContainerInput): Promise<void> {
    const { name, member, memoryBytes = 64 * 2 ** 20, loadMegabytes = 0, tags = [] } = container;
    await call("POST", `/1.0/instances?target=${member}`, {
      name,
      source: { type: "image", alias: facts.image },
      config: {
        "limits.memory": `${memoryBytes}B`,
        "user.load": String(loadMegabytes),
        ...(tags.length === 0 ? {} : { "user.kappa4.tags": tags.join(";") }),
        ...container.config,
      },
    });
    if (container.start === false) return;
    await call("PUT", `/1.0/instances/${name}/state`, { action: "start", timeout: 30 });
  }

  return {
    dir,
    ...facts,
    call,
    containers,
    createContainers: (list) => inTurns(list, create),
    deleteContainers: async () =>
      inTurns(await containers(), async ({ name, status }) => {
        if (status !== "Stopped") {
          await call("PUT", `/1.0/instances/${name}/state`, { action: "stop", force: true });
        }
        await call("DELETE", `/1.0/instances/${name}`);
      }),
    killMember: async (member) => {
      await must(["kill-member", dir, member]);
      const killed = facts.members.indexOf(member);
      if (killed === endpoint) endpoint = (endpoint + 1) % facts.endpoints.length;
    },
    reviveMember: (member) => must(["revive-member", dir, member]),
    mark: () => new Map(logs.map((log) => [log, statSync(log).size])),
    writesSince: (mark) =>
      logs.flatMap((log) =>
        writesIn(
          readFileSync(log)
            .subarray(mark.get(log) ?? 0)
            .toString(),
        ),
      ),
    stop: async () => {
      agent.destroy();
      await must(["stop", dir]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function writesIn(log: string): readonly string[] {
  return log.split("\n").flatMap((line) => {
    if (!line.includes('msg="Handling API request"') || !line.includes("protocol=tls")) return [];
    const match = /method=(POST|PUT|PATCH|DELETE) .*url="?([^\s"?]+)/.exec(line);
    return match === null ? [] : [`${match[1]} ${match[2]}`];
  });
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

interface Answer {
  readonly type: string;
  readonly error: string;
  readonly operation: string;
  readonly metadata: unknown;
}

function send(agent: Agent, method: string, url: string, body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      incoming.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function must(args: readonly string[]): Promise<void> {
  const { code, stderr } = await script(args);
  if (code !== 0) throw new Error(`lxd.sh ${args[0]} ended with ${code}: ${stderr}`);
}

function script(
  args: readonly string[],
): Promise<{ readonly code: number; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(SCRIPT, [...args], (error, _stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, stderr: stderr || String(error ?? "") });
    });
  });
}
