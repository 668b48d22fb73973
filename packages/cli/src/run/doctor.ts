import type { Block, View } from "@kappa4/bot";
import type { MissingAccess } from "@kappa4/connectors";
import { type Kappa4, Kappa4Error } from "@kappa4/sdk";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { lookOf, printAnswer } from "./print.ts";
import { openConnection, openKappa4 } from "./source.ts";

/** What was found out about one connection. */
interface Finding {
  readonly connection: string;
  readonly kind: string | null;
  readonly version: string | null;
  readonly missing: readonly MissingAccess[];
  /** Nodes that are offline; only looked for where nothing is missing. */
  readonly offline: readonly OfflineNode[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

interface OfflineNode {
  readonly node: string;
  readonly guests: number;
}

/** Checks the connections and prints what is missing. */
export async function runDoctor(input: CommandInput): Promise<number> {
  const { flags, io } = input;
  lookOf(input, io.stdout);
  flags.check();
  const { kappa4, names } = await open(input);
  try {
    const findings = await Promise.all(names.map((name) => examine(kappa4, name)));
    printAnswer(input, findings, doctorView(findings));
    return findings.every(isWell) ? EXIT.ok : EXIT.error;
  } finally {
    await kappa4.close();
  }
}

async function open(input: CommandInput): Promise<{ kappa4: Kappa4; names: readonly string[] }> {
  if (input.flags.has("connection")) {
    const { kappa4, connection } = await openConnection(input);
    return { kappa4, names: [connection] };
  }
  const kappa4 = await openKappa4(input);
  return { kappa4, names: kappa4.connections };
}

async function examine(kappa4: Kappa4, connection: string): Promise<Finding> {
  const found = { connection, kind: null, version: null, missing: [], offline: [], error: null };
  try {
    const { kind, version } = await kappa4.cluster.ping({ connection });
    const missing = await kappa4.cluster.checkAccess({ connection });
    const offline = missing.length > 0 ? [] : await offlineNodes(kappa4, connection);
    return { ...found, kind, version, missing, offline };
  } catch (error) {
    if (!Kappa4Error.is(error)) throw error;
    return { ...found, error: { code: error.code, message: error.message } };
  }
}

async function offlineNodes(kappa4: Kappa4, connection: string): Promise<readonly OfflineNode[]> {
  const { nodes, guests } = await kappa4.cluster.snapshot({ connection });
  return nodes
    .filter(({ status }) => status !== "online")
    .map(({ name }) => ({
      node: name,
      guests: guests.filter(({ node }) => node === name).length,
    }));
}

function isWell({ error, missing }: Finding): boolean {
  return error === null && missing.length === 0;
}

function doctorView(findings: readonly Finding[]): View {
  return { blocks: findings.flatMap(findingBlocks) };
}

function findingBlocks(finding: Finding): readonly Block[] {
  const { connection, kind, version, missing, error } = finding;
  const title: Block = { kind: "title", text: connection };
  if (error !== null) {
    return [title, { kind: "text", tone: "bad", text: `${error.message} (${error.code})` }];
  }
  const answered = `${kind} ${version} answers.`;
  if (missing.length === 0) {
    const text = `${answered} The account may do all that balancing needs.`;
    return [title, { kind: "text", tone: "good", text }, ...offlineBlocks(finding)];
  }
  return [
    title,
    { kind: "text", tone: "warning", text: `${answered} The account lacks:` },
    {
      kind: "table",
      caption: "Missing privileges",
      layout: "lines",
      columns: [{ header: "Privilege" }, { header: "On" }, { header: "Without it" }],
      rows: missing.map(({ privilege, path, reason }) => [privilege, path, reason]),
      rowHeader: 0,
    },
  ];
}

function offlineBlocks({ offline }: Finding): readonly Block[] {
  return offline.map(({ node, guests }) => {
    const count = guests === 1 ? "1 guest there is" : `${guests} guests there are`;
    const text = guests === 0 ? `${node} is offline.` : `${node} is offline, and ${count} unknown.`;
    return { kind: "text", tone: "warning", text };
  });
}
