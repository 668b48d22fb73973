import type { Permission } from "./permission.ts";

/** One permission: what it allows, and which built-in roles hold it. */
export interface PermissionEntry {
  /** What it allows, as a few words. */
  readonly allows: string;
  /** The lowest role that holds it; every role above holds it too. `agent` is beside that order. */
  readonly from: "viewer" | "operator" | "admin" | "super_admin" | "platform_admin";
  /** Roles below, or beside, that hold it for what they themselves made. */
  readonly own?: readonly ("guest" | "viewer" | "operator")[] | undefined;
  /** Roles beside that order that hold it as well. */
  readonly also?: readonly ("guest" | "agent")[] | undefined;
}

/** What the catalogue says of a permission. */
export function permissionEntry(permission: Permission): PermissionEntry {
  return CATALOGUE[permission];
}

const CATALOGUE: Readonly<Record<Permission, PermissionEntry>> = {
  "overview.read": { allows: "see the state of the clusters and of the balancing", from: "viewer" },
  "nodes.read": { allows: "see nodes and their load", from: "viewer" },
  "guests.read": { allows: "see guests and their migrations", from: "viewer" },
  "logs.read": { allows: "read the log", from: "viewer" },
  "config.read": { allows: "see the configuration, secrets masked", from: "viewer" },
  "rebalance.run": { allows: "apply a rebalance plan", from: "operator" },
  "rebalance.plan": { allows: "plan a rebalance without applying it", from: "operator" },
  "config.write": { allows: "edit the configuration", from: "admin" },
  "maintenance.write": { allows: "put nodes into maintenance and back", from: "admin" },
  "service.write": { allows: "start, stop and restart the service", from: "admin" },
  "users.write": { allows: "manage people and what they are granted", from: "super_admin" },
  "system.write": {
    allows: "change the policy of approvals; decide on what governs, as lifting the freeze",
    from: "super_admin",
  },
  "audit.read": { allows: "search and verify the audit record", from: "admin" },
  "rules.read": { allows: "see placement rules", from: "viewer" },
  "rules.write": { allows: "edit placement rules", from: "admin" },
  "runs.read": { allows: "see runs and their steps", from: "viewer" },
  "runs.cancel": { allows: "cancel runs", from: "admin", own: ["operator"] },
  "schedules.read": { allows: "see schedules", from: "viewer" },
  "schedules.run": { allows: "run a schedule now", from: "operator" },
  "schedules.write": { allows: "create, edit, pause and delete schedules", from: "admin" },
  "connections.read": { allows: "see connections and their health", from: "viewer" },
  "connections.write": { allows: "add, edit and remove connections", from: "super_admin" },
  "instances.read": { allows: "see instances", from: "viewer" },
  "instances.power": { allows: "start, stop and restart instances", from: "operator" },
  "instances.write": { allows: "create, resize and delete instances", from: "admin" },
  "images.read": { allows: "see images", from: "viewer" },
  "templates.read": { allows: "see templates", from: "viewer" },
  "templates.write": { allows: "upload, import and delete templates", from: "admin" },
  "vms.assign": { allows: "assign instances to organisations", from: "super_admin" },
  "access.request": { allows: "request remote access and open one's own", from: "viewer" },
  "access.grant": { allows: "approve remote access and revoke it", from: "admin" },
  "identity.read": { allows: "see people and groups of the directory", from: "operator" },
  "identity.write": { allows: "change people and groups of the directory", from: "super_admin" },
  "mesh.read": { allows: "see machines of the mesh", from: "viewer" },
  "enroll.write": { allows: "enrol machines", from: "operator" },
  "apps.read": { allows: "see apps", from: "viewer" },
  "apps.write": { allows: "install and remove apps", from: "admin" },
  "events.read": { allows: "see events", from: "viewer" },
  "events.write": { allows: "send events in from outside", from: "super_admin", also: ["agent"] },
  "cameras.read": { allows: "see cameras", from: "viewer" },
  "cameras.write": { allows: "add, edit and remove cameras", from: "admin" },
  "alerts.read": { allows: "see alerts", from: "viewer" },
  "alerts.ack": { allows: "acknowledge alerts", from: "operator" },
  "agents.read": { allows: "see agents", from: "viewer" },
  "agents.enroll": { allows: "enrol agents", from: "operator" },
  "agents.command": { allows: "have agents run commands", from: "admin" },
  "agents.write": { allows: "configure and revoke agents", from: "admin" },
  "agents.self": { allows: "act as the agent one is", from: "platform_admin", also: ["agent"] },
  "tickets.read": { allows: "see tickets", from: "viewer" },
  "tickets.write": { allows: "write tickets", from: "operator", own: ["viewer"] },
  "broadcasts.read": { allows: "see broadcasts", from: "viewer" },
  "broadcasts.write": { allows: "send broadcasts", from: "admin" },
  "usage.read": { allows: "see what was used", from: "operator" },
  "cost.read": { allows: "see what it costs", from: "operator" },
  "billing.read": { allows: "see bills", from: "admin" },
  "billing.write": { allows: "change billing", from: "super_admin" },
  "keys.own": { allows: "make keys with one's own rights", from: "operator" },
  "keys.manage": { allows: "see and revoke all keys", from: "super_admin" },
  "roles.read": { allows: "see roles", from: "viewer" },
  "roles.write": { allows: "define roles", from: "super_admin" },
  "projects.read": { allows: "see projects", from: "viewer", also: ["guest"] },
  "projects.write": { allows: "create, edit and delete projects", from: "admin", own: ["guest"] },
  "orgs.read": { allows: "see one's organisations", from: "viewer", also: ["guest"] },
  "orgs.write": { allows: "edit the organisation", from: "super_admin" },
  "orgs.create": { allows: "create organisations", from: "platform_admin", own: ["guest"] },
  "orgs.delete": { allows: "delete organisations", from: "platform_admin" },
  "tiers.write": { allows: "assign tiers", from: "platform_admin" },
  "quotas.write": { allows: "set quotas", from: "platform_admin" },
  "store.export": { allows: "export the whole store", from: "super_admin" },
  "audit.export": { allows: "export the audit record", from: "super_admin" },
  "platform.admin": { allows: "act across organisations", from: "platform_admin" },
};
