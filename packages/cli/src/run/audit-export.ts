import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { configInvalid } from "@kappa4/sdk";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { newFile, writeWhole } from "./new-file.ts";
import { lookOf, printAnswer } from "./print.ts";
import { sayWaiting } from "./say-waiting.ts";
import { openKappa4 } from "./source.ts";

/** Writes the audit record into a file that `audit verify` takes. */
export async function runAuditExport(input: CommandInput): Promise<number> {
  const { flags, io, positional = "" } = input;
  lookOf(input, io.stdout);
  flags.check();
  const file = await newFile(input);
  const kappa4 = await openKappa4(input);
  try {
    let entries = 0;
    const record = await kappa4.audit.export();
    const counted = async function* (): AsyncGenerator<string> {
      for await (const text of record) {
        entries += text.split("\n").filter((line) => line !== "").length;
        yield text;
      }
    };
    await writeWhole(file, (partial) =>
      pipeline(Readable.from(counted()), createWriteStream(partial, { mode: 0o600, flush: true })),
    );
    const text = `${entries === 1 ? "1 line" : `${entries} lines`} written to ${file}.`;
    printAnswer(
      input,
      { file, lines: entries, waiting: record.waiting },
      {
        blocks: [
          { kind: "text", text, tone: "good" },
          { kind: "note", text: ["Verify it: ", { code: `kappa4 audit verify ${positional}` }] },
        ],
      },
    );
    sayWaiting(io, record);
    return EXIT.ok;
  } catch (error) {
    throw unwritable(positional, error);
  } finally {
    await kappa4.close();
  }
}

function unwritable(path: string, error: unknown): unknown {
  const isOfFiles = error instanceof Error && "syscall" in error && "code" in error;
  if (!isOfFiles) return error;
  const message = `${path} cannot be written (${String(error.code)}); name another file`;
  return configInvalid("kappa4", [{ path: "FILE", message }]);
}
