import type { OrgTable } from "./org-table.ts";

/** A text that names who did something: `local`, `system`, or the id of a person or a schedule. */
const BY = "text not null check (length(%s) between 1 and 200)";
const by = (column: string): string => `${column} ${BY.replace("%s", column)}`;
const oneOf = (column: string, ...values: readonly string[]): string =>
  `${column} text not null check (${column} in (${values.map((value) => `'${value}'`).join(", ")}))`;

/** Who belongs to an organisation and may do what. */
export const PEOPLE: readonly OrgTable[] = [
  {
    name: "projects",
    body: `id uuid not null, name text not null, ${oneOf("status", "active", "archived")},
      created_at timestamptz not null, updated_at timestamptz not null,
      primary key (org_id, id), unique (org_id, name)`,
  },
  {
    name: "users",
    body: `id uuid not null, email text not null check (email = lower(email)), name text not null,
      ${oneOf("status", "active", "disabled")},
      created_at timestamptz not null, updated_at timestamptz not null,
      primary key (org_id, id), unique (org_id, email)`,
  },
  {
    name: "chat_accounts",
    body: `platform text not null, workspace text not null, account text not null, user_id uuid not null,
      method text not null, linked_at timestamptz not null,
      primary key (org_id, platform, workspace, account),
      foreign key (org_id, user_id) references users (org_id, id) on delete cascade`,
    indexes: ["index on (org_id, user_id)"],
  },
  {
    name: "roles",
    body: `id uuid not null, key text not null, name text not null,
      permissions jsonb not null check (jsonb_typeof(permissions) = 'array'),
      ${by("created_by")}, created_at timestamptz not null, updated_at timestamptz not null,
      primary key (org_id, id), unique (org_id, key)`,
  },
  {
    name: "grants",
    body: `id uuid not null, ${oneOf("principal_kind", "user", "group", "token", "agent")},
      principal text not null, role text not null, scope text not null,
      expires_at timestamptz, ${oneOf("source", "manual", "group-sync", "invitation", "bootstrap")},
      ${by("created_by")}, created_at timestamptz not null,
      primary key (org_id, id), unique (org_id, principal_kind, principal, role, scope)`,
  },
  {
    name: "documents",
    body: `scope text not null, key text not null, revision integer not null check (revision > 0),
      value jsonb not null, note text, ${by("by")}, at timestamptz not null,
      primary key (org_id, scope, key, revision)`,
    app: "select, insert, delete",
  },
];

/** Plan, approve, run. */
export const WORK: readonly OrgTable[] = [
  {
    name: "plans",
    body: `id uuid not null, short_id text not null, action text not null, connection text not null,
      cluster text not null, input jsonb not null, content jsonb not null, hash text not null,
      facts jsonb not null, risk smallint not null check (risk between 0 and 4),
      ${oneOf("state", "draft", "consumed", "superseded", "discarded")},
      ${by("requested_by")}, via text not null, created_at timestamptz not null,
      expires_at timestamptz not null,
      primary key (org_id, id), unique (org_id, short_id)`,
    indexes: ["index on (org_id, created_at desc)", "index on (org_id, hash)"],
  },
  {
    name: "approvals",
    body: `id uuid not null, short_id text not null, plan_id uuid not null, state text not null,
      version integer not null, hash text not null, risk smallint not null, via text not null,
      created_at timestamptz not null, deadline timestamptz, glass_broken_by text,
      glass_broken_at timestamptz, value jsonb not null,
      primary key (org_id, id), unique (org_id, short_id),
      foreign key (org_id, plan_id) references plans (org_id, id)`,
    app: "select, insert, update",
    indexes: [
      "unique index on (org_id, hash) where state in ('pending', 'approved')",
      "index on (org_id, plan_id)",
      "index on (org_id, state, deadline)",
      "index on (org_id, created_at desc)",
      "index on (org_id, glass_broken_by, glass_broken_at) where glass_broken_by is not null",
    ],
  },
  {
    name: "runs",
    body: `id uuid not null, short_id text not null, action text not null, input jsonb not null,
      plan_id uuid not null, approval_id uuid, connection text not null, cluster text not null,
      ${oneOf("state", "queued", "running", "succeeded", "partly_failed", "failed", "cancelled", "stale", "skipped")},
      progress jsonb, result jsonb, error jsonb, ${by("requested_by")}, via text not null,
      cancel_asked_at timestamptz, cancel_asked_by text,
      created_at timestamptz not null, started_at timestamptz, ended_at timestamptz,
      primary key (org_id, id), unique (org_id, short_id), unique (org_id, plan_id),
      foreign key (org_id, plan_id) references plans (org_id, id),
      foreign key (org_id, approval_id) references approvals (org_id, id)`,
    indexes: [
      "index on (org_id, created_at desc)",
      "index on (org_id, state, created_at)",
      "index on (org_id, approval_id)",
    ],
  },
  {
    name: "run_steps",
    body: `run_id uuid not null, step integer not null,
      ${oneOf("state", "intent", "observed", "done", "failed", "skipped", "unknown")},
      fence bigint not null, attempt integer not null, intent jsonb not null, operation jsonb,
      result jsonb, error jsonb, intent_at timestamptz not null, observed_at timestamptz,
      ended_at timestamptz,
      primary key (org_id, run_id, step),
      foreign key (org_id, run_id) references runs (org_id, id)`,
  },
  {
    name: "leases",
    body: `cluster text not null, fence bigint not null check (fence > 0), run_id uuid,
      holder text, expires_at timestamptz,
      primary key (org_id, cluster),
      foreign key (org_id, run_id) references runs (org_id, id)`,
    app: "select, insert, update",
    indexes: ["index on (org_id, run_id)"],
  },
];

/** What happened, what was done, and what keeps either from happening twice. */
export const RECORDS: readonly OrgTable[] = [
  {
    name: "events",
    body: `id uuid not null, type text not null, source text not null, subject text,
      ${oneOf("severity", "debug", "info", "notice", "warning", "error", "critical")},
      at timestamptz not null, end_at timestamptz, summary text not null, data jsonb not null,
      dedupe_key text, xid xid8 not null default pg_current_xact_id(),
      primary key (org_id, id)`,
    indexes: [
      "index on (org_id, at desc)",
      "index on (org_id, type, at desc)",
      "index on (org_id, subject, at desc)",
      "unique index on (org_id, source, dedupe_key) where dedupe_key is not null",
    ],
  },
  {
    name: "audit",
    body: `id uuid not null, at timestamptz not null, body text not null,
      body_json jsonb not null generated always as (body::jsonb) stored,
      xid xid8 not null default pg_current_xact_id(), seq bigint, prev_hash text, hash text,
      primary key (org_id, id), unique (org_id, seq),
      check ((seq is null) = (hash is null) and (seq is null) = (prev_hash is null))`,
    // Nobody changes or removes an entry; the platform seals each once.
    app: "select, insert (org_id, id, at, body)",
    platform: "update (seq, prev_hash, hash)",
    platformUpdates: { from: "seq is null", to: "seq is not null" },
    indexes: ["index on (org_id, at desc)", "index on (org_id, id) where seq is null"],
  },
  {
    name: "audit_heads",
    body: `seq bigint not null, hash text not null, epoch integer not null, updated_at timestamptz not null,
      primary key (org_id)`,
    app: "select",
    platform: "insert, update",
  },
  {
    name: "audit_checkpoints",
    body: `seq bigint not null, hash text not null, at timestamptz not null, key_id text not null,
      signature text not null, primary key (org_id, seq)`,
    app: "select",
    platform: "insert",
  },
  {
    name: "requests",
    body: `request_key text not null, hash text not null, answer jsonb,
      created_at timestamptz not null, expires_at timestamptz not null,
      primary key (org_id, request_key)`,
    platform: "delete",
    indexes: ["index on (org_id, expires_at)"],
  },
  {
    name: "counters",
    body: `key text not null, window_start timestamptz not null, count bigint not null,
      primary key (org_id, key, window_start)`,
    platform: "delete",
  },
];
