import type { BuiltInRole, Permission } from "../../src/permissions/index.ts";

/** The roles of the matrix, in the order of its columns. */
export const MATRIX_ROLES = ["viewer", "operator", "admin", "super_admin"] as const;

/** One row: what people call it, the permission, and who holds it, in the order of {@link MATRIX_ROLES}. */
export interface MatrixRow {
  readonly feature: string;
  readonly permission: Permission;
  readonly holds: readonly [boolean, boolean, boolean, boolean];
}

const yes = true;
const no = false;

/** The role matrix as it was asked for, written down once more, independent of the code. */
export const ROLE_MATRIX: readonly MatrixRow[] = [
  { feature: "View Dashboard", permission: "overview.read", holds: [yes, yes, yes, yes] },
  { feature: "View Nodes", permission: "nodes.read", holds: [yes, yes, yes, yes] },
  { feature: "View Guests", permission: "guests.read", holds: [yes, yes, yes, yes] },
  { feature: "View Logs", permission: "logs.read", holds: [yes, yes, yes, yes] },
  { feature: "View Config", permission: "config.read", holds: [yes, yes, yes, yes] },
  { feature: "Trigger Rebalance", permission: "rebalance.run", holds: [no, yes, yes, yes] },
  { feature: "Dry-Run Simulation", permission: "rebalance.plan", holds: [no, yes, yes, yes] },
  { feature: "Edit Configuration", permission: "config.write", holds: [no, no, yes, yes] },
  { feature: "Maintenance Mode", permission: "maintenance.write", holds: [no, no, yes, yes] },
  { feature: "Start/Stop Service", permission: "service.write", holds: [no, no, yes, yes] },
  { feature: "Manage Users", permission: "users.write", holds: [no, no, no, yes] },
  { feature: "System Settings", permission: "system.write", holds: [no, no, no, yes] },
  { feature: "Audit Logs", permission: "audit.read", holds: [no, no, yes, yes] },
];

/** What else each role holds that the one before it does not. */
export const FURTHER: Readonly<Record<BuiltInRole, readonly Permission[]>> = {
  viewer: words(`
    rules.read runs.read schedules.read connections.read instances.read images.read templates.read access.request
    mesh.read apps.read events.read cameras.read alerts.read agents.read tickets.read broadcasts.read roles.read
    projects.read orgs.read`),
  operator: words(`
    schedules.run instances.power identity.read enroll.write alerts.ack agents.enroll tickets.write usage.read
    cost.read keys.own`),
  admin: words(`
    rules.write runs.cancel schedules.write instances.write templates.write access.grant apps.write cameras.write
    agents.command agents.write broadcasts.write billing.read projects.write`),
  super_admin: words(`
    connections.write vms.assign identity.write events.write billing.write keys.manage roles.write orgs.write
    store.export audit.export`),
  platform_admin: words(
    "orgs.create orgs.delete tiers.write quotas.write platform.admin agents.self",
  ),
  guest: words("projects.read orgs.read"),
  agent: words("agents.self events.write"),
};

/** What a role holds only for what its holder made. */
export const OWN: Readonly<Partial<Record<BuiltInRole, readonly Permission[]>>> = {
  guest: words("projects.write orgs.create"),
  viewer: words("tickets.write"),
  operator: words("runs.cancel"),
};

/** Tells whether a role holds a permission without limits, by what was written down of it and of those below it. */
export function isWritten(role: BuiltInRole, permission: Permission): boolean {
  if (role === "platform_admin") return true;
  const names: readonly BuiltInRole[] = MATRIX_ROLES;
  const column = names.indexOf(role);
  const row = ROLE_MATRIX.find((entry) => entry.permission === permission);
  if (row !== undefined) return row.holds[column] === true;
  const below = column < 0 ? [role] : MATRIX_ROLES.slice(0, column + 1);
  return below.some((name) => FURTHER[name].includes(permission));
}

function words(text: string): Permission[] {
  // A misspelt name is found by the count of the catalogue.
  return text.trim().split(/\s+/) as Permission[];
}
