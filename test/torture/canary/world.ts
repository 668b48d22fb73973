import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Clock,
  createKappa4,
  type Id,
  type Kappa4,
  readConfig,
  systemClock,
} from "../../../packages/sdk/src/index.ts";
import { type OpenStoreOptions, openStore } from "../../../packages/sdk/src/store/index.ts";
import { join as joinOrg } from "../../../packages/sdk/test/core/people.ts";
import {
  type ProxmoxSimulator,
  type SlackSimulator,
  startProxmox,
  startSlack,
} from "../../../packages/simulator/src/index.ts";
import type { Canaries } from "./canaries.ts";
import { type Door, openDoor } from "./door.ts";
import { secretStore } from "./secret-store.ts";
import type { Witness } from "./witness.ts";

/** A whole Kappa4, all of whose secrets are canaries, and the servers that it speaks to. */
export interface World {
  readonly kappa4: Kappa4;
  readonly cluster: ProxmoxSimulator;
  readonly slack: SlackSimulator;
  readonly clock: Clock;
  readonly doors: readonly Door[];
  readonly people: Readonly<Record<"ana" | "ben" | "vic", Id<"usr">>>;
  /** The folder with the configuration, which names each secret and holds none. */
  readonly folder: string;
  /** What the configuration takes from the environment. */
  readonly variables: Readonly<Record<string, string>>;
  readonly store: OpenStoreOptions;
  /** The same as a login that sees every row. */
  readonly wholeStore: OpenStoreOptions;
  /** Ends Kappa4 and leaves what it has stored. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Who is in the workspace: the roles of the first two are configured, those of the last are not. */
export const SLACK_USERS = [
  { id: "U0OPERATOR1", name: "operator" },
  { id: "U0OPERATOR2", name: "other" },
  { id: "U0NOBODY001", name: "nobody" },
] as const;

/** Simulated seconds in a real one. */
const SCALE = 200;
const USERS = { gold: "gold@pve", silver: "silver@pve", bronze: "bronze@pve" } as const;

/** Starts the servers, each behind a door, and a Kappa4 that is configured by file, environment and file references. */
export async function openWorld(
  canaries: Canaries,
  witness: Witness,
  database: string | undefined,
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "kappa4-canary-"));
  const keys = join(folder, "keys");
  mkdirSync(keys);
  const cluster = await startCluster(canaries, keys);
  const [{ node, port, fingerprint } = noEntry()] = cluster.entries;
  const read = (file: string): string => readFileSync(join(keys, file), "utf8");
  const tls = { key: read(`${node}.key`), cert: read(`${node}.pem`) };
  const doors: Door[] = [];
  for (const name of ["gold", "silver", "brass", "bronze", "tin"])
    doors.push(await openDoor(name, { port, tls }));
  const slack = await startSlack({
    users: SLACK_USERS,
    ...{ botToken: canaries.slackBot.text, appToken: canaries.slackApp.text },
    signingSecret: canaries.slackSigning.text,
  });
  doors.push(await openDoor("slack", { port: Number(new URL(slack.url).port) }));
  writeFileSync(join(folder, "silver.txt"), `${canaries.password.text}\n`);
  const label = ["PRIVATE", "KEY"].join(" ");
  const pem = `-----BEGIN ${label}-----\n${canaries.signingKey.text}\n-----END ${label}-----\n`;
  writeFileSync(join(folder, "audit.pem"), pem);
  writeFileSync(join(folder, "kappa4.yaml"), configText(doors, fingerprint));
  const variables = variablesOf(canaries);
  const made = await secretStore(database, canaries.database.text);
  const people = await addPeople(made.options);
  const clock: Clock = {
    now: () => cluster.now(),
    sleep: (ms, signal) => systemClock.sleep(ms / SCALE, signal),
  };
  const config = await readConfig(join(folder, "kappa4.yaml"), { variables });
  const kappa4 = await createKappa4(
    { ...config, store: made.options },
    {
      clock,
      logger: witness.logger,
      readAgain: () => readConfig(join(folder, "again.yaml"), { variables }),
      onProgress: (sentence) => witness.see("progress", sentence),
    },
  );
  let isOpen = true;
  const stop = async (): Promise<void> => {
    if (isOpen) await kappa4.close();
    isOpen = false;
  };
  return {
    ...{ kappa4, cluster, slack, clock, doors, people, folder, variables, stop },
    store: made.options,
    wholeStore: made.whole,
    async close() {
      await stop();
      for (const door of doors) await door.close();
      await cluster.close();
      await slack.close();
      await made.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startCluster(canaries: Canaries, certificateDirectory: string): Promise<ProxmoxSimulator> {
  return startProxmox({
    ...{ seed: 4, timeScale: SCALE, certificateDirectory, unauthorizedDelayMs: 0 },
    tokens: [{ id: `${USERS.gold}!kappa4`, secret: canaries.token.text }],
    users: [
      {
        id: USERS.silver,
        password: canaries.password.text,
        totpSecret: canaries.totp.text,
      },
      { id: USERS.bronze, password: "another one" },
    ],
  });
}

/** Each way in which a connection can go wrong has a connection of its own. */
function configText(doors: readonly Door[], fingerprint: string): string {
  const address = (name: string): string =>
    `https://127.0.0.1:${doors.find((door) => door.name === name)?.port}`;
  const connection = (name: string, endpoint: string, auth: string, trust: string): string => `
  ${name}:
    kind: proxmox
    endpoints: ["${endpoint}"]
    auth: ${auth}
    tls: ${trust}
    pollIntervalMs: 600
    retries: 1`;
  const token = (name: string): string => `{ type: token, token: "\${${name}}" }`;
  const pinned = `{ verify: pin, sha256: "${fingerprint}" }`;
  const none = `{ verify: pin, sha256: "${"0".repeat(64)}" }`;
  const silver = `{ type: password, username: ${USERS.silver}, passwordFile: silver.txt, totp: "\${SILVER_TOTP}" }`;
  const bronze = `{ type: password, username: ${USERS.bronze}, password: "\${BRONZE_PASSWORD}" }`;
  return `connections:${[
    connection(
      "gold",
      address("gold"),
      token("GOLD_TOKEN"),
      "{ verify: ca, caFile: keys/pve-root-ca.pem }",
    ),
    connection("silver", address("silver"), silver, pinned),
    connection("brass", address("brass"), token("BRASS_TOKEN"), pinned),
    connection("bronze", address("bronze"), bronze, pinned),
    connection("lead", "https://127.0.0.1:1", token("LEAD_TOKEN"), pinned),
    connection("tin", address("tin"), token("TIN_TOKEN"), "{ verify: system }"),
    connection("steel", address("tin"), token("TIN_TOKEN"), none),
  ].join("")}
approvals: { undoMs: 0, stepUpFrom: never }
audit: { privateKeyFile: audit.pem }
`;
}

function noEntry(): never {
  throw new Error("the cluster answers nowhere");
}

function variablesOf(canaries: Canaries): Readonly<Record<string, string>> {
  const token = ({ text }: { readonly text: string }): string => `${USERS.gold}!kappa4=${text}`;
  return {
    GOLD_TOKEN: token(canaries.token),
    BRASS_TOKEN: token(canaries.wrongToken),
    LEAD_TOKEN: token(canaries.unreachedToken),
    TIN_TOKEN: token(canaries.distrustedToken),
    SILVER_TOTP: canaries.totp.text,
    BRONZE_PASSWORD: canaries.wrongPassword.text,
  };
}

async function addPeople(options: OpenStoreOptions): Promise<World["people"]> {
  const store = await openStore(options);
  try {
    return {
      ana: await joinOrg(store, "ana", "operator"),
      ben: await joinOrg(store, "ben", "admin"),
      vic: await joinOrg(store, "vic", "viewer"),
    };
  } finally {
    await store.close();
  }
}
