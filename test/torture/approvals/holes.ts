/** Something of the product that is taken out, so that the fuzz has to find it. */
export interface PlantedHole {
  readonly name: string;
  readonly edits: readonly HoleEdit[];
}

/** An expression in a source, which is there once, and what stands in its place. */
export interface HoleEdit {
  /** Within the sources of the sdk. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** One in each rule that keeps people from doing what they must not. */
export const PLANTED_HOLES: readonly PlantedHole[] = [
  {
    name: "whoever asks may vote",
    edits: [
      {
        file: "approvals/guards.ts",
        from: "approval.request?.by === by.id",
        to: "false",
      },
      {
        file: "approvals/approval.ts",
        from: "request?.by === person.id || editors.includes(person.id)",
        to: "false",
      },
    ],
  },
  {
    name: "a request can be approved after its time",
    edits: [
      {
        file: "approvals/guards.ts",
        from: "now < request.deadline",
        to: "true",
      },
    ],
  },
  {
    name: "a vote that is repeated counts twice",
    edits: [
      {
        file: "approvals/guards.ts",
        from: "!approval.votes.some(({ person }) => person === by.id)",
        to: "true",
      },
      {
        file: "approvals/quorum.ts",
        from: "[...new Map(voters.map((person) => [person.id, person])).values()]",
        to: "voters",
      },
    ],
  },
  {
    name: "one vote fewer than the quorum is enough",
    edits: [
      {
        file: "approvals/quorum.ts",
        from: "quorum.approvals - people.length",
        to: "quorum.approvals - people.length - 1",
      },
    ],
  },
  {
    name: "the freeze is not looked at when a run starts",
    edits: [
      {
        file: "approvals/run.ts",
        from: "frozen(facts)",
        to: "undefined",
      },
    ],
  },
  {
    name: "a person may go past the quorum as often as they like",
    edits: [
      {
        file: "approvals/break-glass.ts",
        from: "recent < policy.breakGlass.perDay",
        to: "true",
      },
    ],
  },
  {
    name: "an emergency goes past the Super Admins",
    edits: [
      {
        file: "approvals/break-glass.ts",
        from: "approval.risk < HIGHEST_CLASS",
        to: "true",
      },
    ],
  },
  {
    name: "anybody may go past the quorum",
    edits: [
      {
        file: "approvals/guards.ts",
        from: "isAdmin(by)",
        to: "true",
      },
    ],
  },
  {
    name: "a run starts for who has lost the right",
    edits: [
      {
        file: "approvals/run.ts",
        from: "isThere && requester.isPermitted",
        to: "requester !== undefined",
      },
    ],
  },
  {
    name: "a vote counts for another plan than was shown",
    edits: [
      {
        file: "approvals/guards.ts",
        from: "hash === approval.hash",
        to: "true",
      },
    ],
  },
  {
    name: "the class of a plan forgets what was moved before",
    edits: [
      {
        file: "runs/risk-of-work.ts",
        from: "facts.count + others",
        to: "facts.count",
      },
    ],
  },
  {
    name: "a stopped run goes on",
    edits: [
      {
        file: "runs/execute.ts",
        from: "now?.cancelAskedAt != null",
        to: "false",
      },
      {
        file: "runs/store-ledger.ts",
        from: "(await tx.runs.find(run))?.cancelAskedAt != null",
        to: "false",
      },
    ],
  },
  {
    name: "a move is made wherever its guest is by now",
    edits: [
      {
        file: "rebalance/drift.ts",
        from: "guest.node !== move.from",
        to: "false",
      },
    ],
  },
  {
    name: "an older plan stays beside the newer one",
    edits: [
      {
        file: "approving/supersede.ts",
        from: "action.replacesOlder !== true",
        to: "true",
      },
    ],
  },
];
