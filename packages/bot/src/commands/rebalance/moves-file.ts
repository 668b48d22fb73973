import type { RebalancePlan } from "@kappa4/sdk/balancing";
import type { ViewFile } from "../../view/model.ts";

/** Writes all moves, blocked guests and conflicts of a plan as a table that spreadsheets read. */
export function movesFile(plan: RebalancePlan, id: string | undefined): ViewFile {
  const rows = [
    [
      "what",
      "guest",
      "name",
      "from",
      "to",
      "wave",
      "memory_bytes",
      "disk_bytes",
      "seconds",
      "how",
      "why",
      "gain",
      "rejected",
    ],
    ...plan.moves.map((move) => [
      "move",
      String(move.guest),
      move.name,
      move.from,
      move.to,
      String(move.wave),
      String(move.memoryBytes),
      String(move.diskBytes),
      String(Math.round(move.seconds)),
      move.mode,
      move.reasons.map(({ message }) => message).join("; "),
      move.gain?.message ?? "",
      move.alternative?.message ?? "",
    ]),
    ...plan.blocked.map(({ guest, name, node, message }) => [
      "stays",
      String(guest),
      name,
      node,
      "",
      "",
      "",
      "",
      "",
      "",
      message,
      "",
      "",
    ]),
    ...plan.conflicts.map(({ guests, rules, code, message }) => [
      "conflict",
      guests.join(" "),
      rules.join(" ") || code,
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      message,
      "",
      "",
    ]),
  ];
  return {
    name: `${id ?? "plan"}.csv`,
    title: `All of plan ${id ?? plan.cluster}`,
    content: `${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`,
  };
}

/** Quotes a value; a leading apostrophe keeps spreadsheets from running a name as a formula. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
