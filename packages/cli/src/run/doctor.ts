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
  readonly error: { readonly code: string; readonly message: string } | null;
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
  const found = { connection, kind: null, version: null, missing: [], error: null };
  try {
    const connector = await kappa4.connector(connection);
    const { version } = await connector.ping();
    const missing = (await connector.cluster?.checkAccess()) ?? [];
    return { ...found, kind: connector.kind, version, missing };
  } catch (error) {
    if (!Kappa4Error.is(error)) throw error;
    return { ...found, error: { code: error.code, message: error.message } };
  }
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
    return [title, { kind: "text", tone: "good", text }];
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
