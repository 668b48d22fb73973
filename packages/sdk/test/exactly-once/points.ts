/** Tells that a point was reached. */
export type Reach = (point: string) => void;

/** When a statement is at a point: not sent yet, sent and not answered, or answered and not looked at. */
export type Phase = "before" | "sent" | "answered";

/** A kind of statement, told by its text. */
interface StatementKind {
  readonly name: string;
  readonly is: RegExp;
  /** At which phases a process may be stopped. */
  readonly phases: readonly Phase[];
}

const ALL: readonly Phase[] = ["before", "sent", "answered"];

/** What a process says to the store on the way of a run, from the request to the last word. */
const KINDS: readonly StatementKind[] = [
  { name: "claim request", is: /^insert into "requests"/i, phases: ALL },
  { name: "store plan", is: /^insert into "plans"/i, phases: ["answered"] },
  { name: "store approval", is: /^insert into "approvals"/i, phases: ["answered"] },
  { name: "move approval", is: /^update "approvals"/i, phases: ["answered"] },
  { name: "store run", is: /^insert into "runs"/i, phases: ALL },
  { name: "queue job", is: /INSERT INTO pgboss\.job/, phases: ["answered"] },
  { name: "keep answer", is: /^update "requests"/i, phases: ["answered"] },
  { name: "take job", is: /state = 'active',\s+started_on/, phases: ["sent", "answered"] },
  { name: "take lease", is: /^insert into "leases"/i, phases: ALL },
  {
    name: "begin run",
    is: /^update "runs" set "state" = \$1, "started_at"/i,
    phases: ["answered"],
  },
  { name: "intend", is: /^insert into "run_steps"/i, phases: ALL },
  { name: "observe", is: /^update "run_steps" set .*"operation" =/i, phases: ALL },
  { name: "settle", is: /^update "run_steps" set .*"ended_at" =/i, phases: ALL },
  { name: "end run", is: /^update "runs" set .*"ended_at" =/i, phases: ALL },
  { name: "release lease", is: /^update "leases" set "run_id" =/i, phases: ALL },
  { name: "complete job", is: /state = 'completed'/, phases: ["sent", "answered"] },
];

/** Statements after which the commit of their transaction is a point of its own. */
const COMMITS = ["store run", "move approval", "intend", "observe", "settle", "end run"];

/** Every point by name; the last four are the connector's. */
export const POINTS: readonly string[] = [
  ...KINDS.flatMap(({ name, phases }) => phases.map((phase) => `${name} ${phase}`)),
  ...COMMITS.flatMap((name) => [`commit of ${name} sent`, `commit of ${name} answered`]),
  "call sent",
  "call answered",
  "poll",
  "operation done",
];

/** Follows the statements of one connection, and tells which points each is at. */
export class Follower {
  readonly #reach: Reach;
  #since: string[] = [];

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  /** Returns what is to be called at each phase of a statement. */
  follow(text: string): (phase: Phase) => void {
    const statement = text.trim();
    if (/^(begin|start transaction)/i.test(statement)) this.#since = [];
    const kind = KINDS.find(({ is }) => is.test(statement));
    if (kind !== undefined) this.#since.push(kind.name);
    const isCommit = /^commit/i.test(statement);
    const committed = isCommit ? COMMITS.filter((name) => this.#since.includes(name)) : [];
    return (phase) => {
      if (kind?.phases.includes(phase)) this.#reach(`${kind.name} ${phase}`);
      if (phase === "before") return;
      for (const name of committed) this.#reach(`commit of ${name} ${phase}`);
    };
  }
}
