import { channel } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { type Canary, plantedCanary } from "./canaries.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

/** A leak that is there on purpose, and where it has to be seen. */
export interface Plant {
  readonly name: string;
  readonly canary: Canary;
  /** How the place begins in which it has to be seen. */
  readonly place: string;
  /** Lets it out. */
  plant?(world: World, witness: Witness): void | Promise<void>;
  /** A statement that brings it into the store, where it is let out there. */
  readonly statement?: string | undefined;
}

/** The leaks of a scan, each with a secret of its own; only an embedded store has a folder. */
export function makePlants(seed: number, isEmbedded: boolean): readonly Plant[] {
  const word = (name: string, host?: string): Canary => plantedCanary(seed, name, host);
  return [
    leak("a log line", "log", word("log"), (text, _world, witness) =>
      witness.logger.debug({ tried: text }, "Request ended"),
    ),
    leak("a log line in two parts", "log", word("parts"), (text, _world, witness) => {
      witness.see("log", text.slice(0, 9));
      witness.see("log", text.slice(9));
    }),
    leak("the message of an error", "errors (planted", word("message"), async (text, _, witness) =>
      witness.watch("planted message", () => Promise.reject(new Error(`refused: ${text}`))),
    ),
    leak(
      "a header in the cause of a cause",
      "errors (planted",
      word("cause"),
      (text, _, witness) => {
        const inner = Object.assign(new Error("401"), {
          options: { headers: { auth: basic(text) } },
        });
        const error = new Error("it failed", { cause: new Error("refused", { cause: inner }) });
        return witness.watch("planted cause", () => Promise.reject(error));
      },
    ),
    leak("a hidden field under a symbol", "inspect", word("inspect"), (text, _world, witness) => {
      const client = Object.defineProperty({}, Symbol("auth"), { value: { text } });
      witness.seeFaces("inspect of Kappa4", { client });
    }),
    leak("a message on a diagnostics channel", "channel", word("channel"), (text) =>
      channel("kappa4:request").publish({ headers: new Map([["cookie", text]]) }),
    ),
    leak("an answer, in JSON twice", "answers", word("answer"), async (text, _world, witness) =>
      witness.watch("planted", async () => ({ body: JSON.stringify({ password: `"${text}"` }) })),
    ),
    leak("a label of a metric, in an address", "metrics", word("metric"), (text, _world, witness) =>
      witness.see("metrics", `requests{url="/?p=${encodeURIComponent(`${text}&`)}"} 1\n`),
    ),
    leak(
      "another host's token in a header",
      "HTTP to silver",
      word("host", "gold"),
      (text, world) =>
        send(world, "silver", "/api2/json/version", { authorization: `PVEAPIToken=a@b!c=${text}` }),
    ),
    leak("the own token in an address", "HTTP to gold", word("address", "gold"), (text, world) =>
      send(world, "gold", `/api2/json/version?token=${text}`, {}),
    ),
    leak("the own token in another header", "HTTP to gold", word("header", "gold"), (text, world) =>
      send(world, "gold", "/api2/json/version", { "x-trace": Buffer.from(text).toString("hex") }),
    ),
    {
      ...leak("an audit entry", "table kappa4.audit", word("audit")),
      statement: `insert into kappa4.audit (org_id, id, at, body) select id, gen_random_uuid(), now(), '{"details":"${word("audit").text}"}' from kappa4.orgs limit 1`,
    },
    {
      ...leak("a job of the queue, in base64", "table pgboss.", word("job")),
      statement: `update pgboss.job set data = '{"x":"${Buffer.from(`so ${word("job").text} it is`).toString("base64")}"}' where id = (select id from pgboss.job limit 1)`,
    },
    ...(isEmbedded
      ? [leak("a file in the folder of the store", "file ", word("file"), leaveFile)]
      : []),
    leak("an argument of the process", "process", word("argument"), (text) => {
      process.argv.push(`--token=${text}`);
    }),
  ];
}

function leak(
  name: string,
  place: string,
  canary: Canary,
  plant?: (text: string, world: World, witness: Witness) => unknown,
): Plant {
  return {
    ...{ name, place, canary },
    async plant(world, witness) {
      await plant?.(canary.text, world, witness);
    },
  };
}

function leaveFile(text: string, { store }: World): void {
  const file = join(store.path ?? "", "note");
  writeFileSync(file, Buffer.from(`a ${text}`).toString("base64url"));
}

function basic(text: string): string {
  return `Basic ${Buffer.from(`somebody:${text}`).toString("base64")}`;
}

/** Sends a request through a door. */
async function send(
  { doors }: World,
  name: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const port = doors.find((door) => door.name === name)?.port;
  await new Promise<void>((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, headers, rejectUnauthorized: false };
    const outgoing = request({ ...options, agent: false }, (incoming) => {
      incoming.resume();
      incoming.on("close", resolve);
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}
