import type { Action, Block, Inline, Task, TaskState, View } from "../../src/view/model.ts";

/** Numbers from 0 to below 1 that follow from a seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ALPHABET = [
  "a",
  "B",
  "7",
  " ",
  "\n",
  "-",
  "_",
  "*",
  "~",
  "`",
  "&",
  "<",
  ">",
  "é",
  "数",
  "🚀",
  "\u0000",
  "\u202e",
  "→",
];
const STATES: readonly TaskState[] = ["waiting", "running", "done", "failed", "skipped", "unknown"];

/** Where all text is cut from. */
const POOL = poolOf(seeded(0));

function poolOf(random: () => number): string {
  const sign = (): string => ALPHABET[Math.floor(random() * ALPHABET.length)] ?? "";
  return Array.from({ length: 60_000 }, sign).join("");
}

/** Makes a view of random blocks: empty, ordinary and far too large ones, with hostile text. */
export function randomView(random: () => number): View {
  const integer = (most: number): number => Math.floor(random() * (most + 1));
  const pick = <Value>(values: readonly Value[]): Value => values[integer(values.length - 1)]!;
  const many = <Value>(most: number, make: (index: number) => Value): Value[] =>
    Array.from({ length: integer(most) }, (_, index) => make(index));
  // Mostly short, sometimes very long.
  const text = (most = 40): string => {
    const length = random() < 0.01 ? integer(most * 100) : integer(most);
    const start = integer(POOL.length - length);
    return POOL.slice(start, start + length);
  };
  const inline = (): Inline =>
    pick<() => Inline>([
      () => text(),
      () => ({ bold: text() }),
      () => ({ code: text() }),
      () => ({ person: "U0OPERATOR1" }),
      () => ({ time: new Date(Date.UTC(2026, 0, 1, integer(23), integer(59))) }),
    ])();
  const rich = (): string | Inline[] => (random() < 0.5 ? text(80) : many(6, inline));
  const action = (): Action => ({
    label: text(),
    ...(random() < 0.8 ? { value: `t${integer(1e9)}` } : {}),
    ...(random() < 0.3 ? { command: text() } : {}),
    style: pick(["plain", "primary", "danger"] as const),
    ...(random() < 0.3
      ? { confirm: { title: text(), text: text(200), accept: text(), dismiss: text() } }
      : {}),
  });
  const task = (): Task => ({
    state: pick(STATES),
    title: text(),
    ...(random() < 0.5 ? { about: text(), detail: text() } : {}),
    ...(random() < 0.5 ? { progress: random() } : {}),
  });
  const columns = integer(random() < 0.1 ? 25 : 6);
  const makers: readonly (() => Block)[] = [
    () => ({ kind: "title", text: text(120) }),
    () => ({ kind: "text", text: rich() }),
    () => ({ kind: "note", text: rich() }),
    () => ({ kind: "code", text: text(300) }),
    () => ({ kind: "facts", facts: many(14, () => ({ name: text(), value: text() })) }),
    () => ({
      kind: "table",
      caption: text(),
      columns: Array.from({ length: columns }, () => ({ header: text(15) })),
      rows: many(random() < 0.05 ? 120 : 8, () => Array.from({ length: columns }, () => text(25))),
      rowHeader: Math.max(0, integer(columns) - 1),
      layout: pick(["grid", "lines"] as const),
    }),
    () => {
      const categories = many(random() < 0.2 ? 40 : 10, () => text(30));
      return {
        kind: "barChart",
        title: text(60),
        categories,
        series: many(3, () => ({ name: text(), values: categories.map(() => integer(200)) })),
        unit: pick(["%", "", "GiB"]),
        alt: text(200),
        tabulated: random() < 0.5,
      };
    },
    () => ({
      kind: "tasks",
      title: text(),
      progress: random(),
      tasks: many(random() < 0.1 ? 60 : 12, task),
    }),
    () => ({ kind: "actions", actions: many(30, action) }),
  ];
  return { blocks: many(random() < 0.1 ? 70 : 12, () => pick(makers)()) };
}
