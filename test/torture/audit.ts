import { once } from "node:events";
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AuditReport,
  chainStart,
  entryText,
  exportAudit,
  type SealedRow,
  sealRows,
  verifyAudit,
} from "../../packages/sdk/src/audit/index.ts";
import {
  checkpointOf,
  entry,
  exported,
  headAt,
  ORG,
  type Record,
  recordOf,
  seal,
  signer,
  verifyBytes,
} from "../../packages/sdk/test/audit/record.ts";
import { Dice } from "../../packages/sdk/test/balancing/dice.ts";
import { sealWhileWriting } from "./audit-store.ts";
import { scanForCanaries } from "./canary.ts";
import type { TortureOptions } from "./main.ts";
import { printTable, type Tally } from "./tally.ts";

const ROWS = 1_000_000;
const LONGEST_SECONDS = 30;
const SMALL = 500;

/** What was done to a record, and the place that has to be named. */
interface Damage {
  readonly bytes: Uint8Array;
  readonly seq: number;
  /** What the chain alone cannot show: a checkpoint that was kept elsewhere. */
  readonly checkpoints?: readonly string[];
}

type Harm = (record: Record, lines: readonly string[], dice: Dice) => Damage | Promise<Damage>;

/** A million entries verify in time; whatever is done to a record is named by its place; no secret is seen. `rounds`: harms of each kind. */
export async function run(options: TortureOptions): Promise<void> {
  const { seed, rounds = 200, tally } = options;
  await verifyMany(tally);
  await sealWhileWriting(options);
  const record = recordOf(SMALL);
  const lines = await exported(record);
  const dice = new Dice(seed);
  const rows: (readonly [string, number, number])[] = [];
  for (const [name, harm] of Object.entries(HARMS)) {
    let named = 0;
    for (let round = 0; round < rounds; round += 1) {
      const { bytes, seq, checkpoints } = await harm(record, lines, dice);
      const report = await verifyBytes(bytes, { keys: [signer.verifierKey], checkpoints }, dice);
      const isNamed = report.problems[0]?.seq === seq;
      named += isNamed ? 1 : 0;
      tally.check(isNamed, () => `${name} of ${seq}: ${JSON.stringify(report.problems[0])}`);
    }
    rows.push([name, rounds, named]);
  }
  console.log();
  printTable(["What was done", "times", "named by its place"], rows);
  await scanForCanaries(options);
}

async function verifyMany(tally: Tally): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "kappa4-audit-"));
  try {
    const path = join(folder, "audit.jsonl");
    const made = await timed(() => writeExport(path));
    const verified = await timed(() =>
      verifyAudit(createReadStream(path, { highWaterMark: 1 << 20 })),
    );
    const megabytes = Math.round(statSync(path).size / 1e6);
    console.log(`${ROWS} entries, ${megabytes} MB: sealed and written in ${made.seconds} s`);
    console.log(`verified in ${verified.seconds} s, of at most ${LONGEST_SECONDS} s`);
    const report: AuditReport = verified.value;
    tally.check(report.isIntact && report.rows === ROWS, () => JSON.stringify(report));
    tally.check(Number(verified.seconds) < LONGEST_SECONDS, () => `took ${verified.seconds} s`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The first line holds the last hash, so the chain is made twice; nothing is kept in memory. */
async function writeExport(path: string): Promise<void> {
  const after = chainStart(ORG);
  let until = after;
  for (const { head } of batches()) until = head;
  const file = createWriteStream(path);
  async function* rows(): AsyncGenerator<SealedRow> {
    for (const { sealed } of batches()) yield* sealed;
  }
  for await (const line of exportAudit({ org: ORG, after, until, checkpoints: [] }, rows())) {
    if (!file.write(line)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
}

function* batches(): Generator<ReturnType<typeof sealRows<number>>> {
  const size = 10_000;
  const place = 123_456_789;
  const template = entryText(entry(place));
  let head = chainStart(ORG);
  for (let start = 0; start < ROWS; start += size) {
    const rows = Array.from({ length: size }, (_, index) => ({
      key: start + index,
      body: template.replaceAll(String(place), String(start + index)),
    }));
    const batch = sealRows(head, rows);
    head = batch.head;
    yield batch;
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: string }> {
  const started = performance.now();
  const value = await work();
  return { value, seconds: ((performance.now() - started) / 1000).toFixed(1) };
}

const HARMS: Readonly<{ [name: string]: Harm }> = {
  "a bit flipped": (_record, lines, dice) => {
    const seq = dice.whole(1, SMALL);
    const bytes = Buffer.from(lines.join(""));
    const start = Buffer.byteLength(lines.slice(0, seq).join(""));
    const length = Buffer.byteLength(lines[seq] ?? "");
    // The very last line break says nothing: a file is whole without it.
    const at = start + dice.whole(0, length - (seq === SMALL ? 2 : 1));
    bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.whole(0, 7));
    return { bytes, seq };
  },
  "an entry missing": (_record, lines, dice) => {
    const seq = dice.whole(1, SMALL);
    return { bytes: joined(lines.toSpliced(seq, 1)), seq };
  },
  "entries missing": (_record, lines, dice) => {
    const seq = dice.whole(1, SMALL - 50);
    return { bytes: joined(lines.toSpliced(seq, dice.whole(2, 50))), seq };
  },
  "two swapped": (_record, lines, dice) => {
    const seq = dice.whole(1, SMALL - 1);
    const other = dice.whole(seq + 1, SMALL);
    const swapped = lines.with(seq, lines[other] ?? "").with(other, lines[seq] ?? "");
    return { bytes: joined(swapped), seq };
  },
  "two texts swapped": (_record, lines, dice) => {
    const seq = dice.whole(1, SMALL - 1);
    const other = dice.whole(seq + 1, SMALL);
    const [one, two] = [lines[seq] ?? "", lines[other] ?? ""];
    const body = (line: string): string => line.slice(line.indexOf('"body":'));
    const swapped = lines
      .with(
        seq,
        one.replace(body(one), () => body(two)),
      )
      .with(
        other,
        two.replace(body(two), () => body(one)),
      );
    return { bytes: joined(swapped), seq };
  },
  "an entry added": (_record, lines, dice) => {
    const seq = dice.whole(1, SMALL);
    const copied = dice.whole(1, SMALL);
    const bytes = joined(lines.toSpliced(seq, 0, lines[copied] ?? ""));
    // Of two that are the same, the second one is too many.
    return { bytes, seq: copied === seq ? seq + 1 : seq };
  },
  "the end cut off": async (record, _lines, dice) => {
    const seq = dice.whole(2, SMALL - 1);
    const short = { rows: record.rows.slice(0, seq - 1), head: headAt(record, seq - 1) };
    return { bytes: joined(await exported(short)), seq, checkpoints: [checkpointOf(record.head)] };
  },
  "all rewritten from an entry on": async (record, _lines, dice) => {
    const from = dice.whole(1, SMALL - 1);
    const bodies = record.rows.map(({ body }) => String(body));
    const forged = seal(bodies.with(from - 1, String(bodies[from - 1]).replace("pve2", "pve9")));
    const seq = dice.whole(from, SMALL);
    const checkpoints = [checkpointOf(headAt(record, seq))];
    return { bytes: joined(await exported(forged)), seq, checkpoints };
  },
};

function joined(lines: readonly string[]): Uint8Array {
  return Buffer.from(lines.join(""));
}
