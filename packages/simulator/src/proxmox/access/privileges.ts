import type { PveVersion } from "../version.ts";

interface Group {
  readonly root: readonly string[];
  readonly admin: readonly string[];
  readonly user: readonly string[];
  readonly audit: readonly string[];
}

/** What each built-in role may do, by role name. */
export function builtInRoles(version: PveVersion): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = privilegeGroups(version);
  const all = Object.values(groups);
  const take = (chosen: readonly Group[], ...levels: (keyof Group)[]): ReadonlySet<string> =>
    new Set(chosen.flatMap((group) => levels.flatMap((level) => group[level])));
  const everything = take(all, "root", "admin", "user", "audit");
  return new Map<string, ReadonlySet<string>>([
    ["Administrator", new Set([...everything, "Permissions.Modify"])],
    ["NoAccess", new Set()],
    ["PVEAdmin", take(all, "admin", "user", "audit")],
    ["PVEAuditor", take(all, "audit")],
    ["PVEDatastoreAdmin", take([groups.datastore], "admin", "user", "audit")],
    ["PVEDatastoreUser", take([groups.datastore], "user", "audit")],
    ["PVEPoolAdmin", take([groups.pool], "admin", "user", "audit")],
    ["PVEPoolUser", take([groups.pool], "user", "audit")],
    ["PVESysAdmin", take([groups.sys], "admin", "user", "audit")],
    ["PVETemplateUser", new Set(["VM.Clone", "VM.Audit"])],
    ["PVEVMAdmin", take([groups.vm], "admin", "user", "audit")],
    ["PVEVMUser", take([groups.vm], "user", "audit")],
  ]);
}

/** Every privilege that the version knows. */
export function allPrivileges(version: PveVersion): ReadonlySet<string> {
  return builtInRoles(version).get("Administrator") ?? new Set();
}

function privilegeGroups(
  version: PveVersion,
): Readonly<Record<"vm" | "sys" | "datastore" | "sdn" | "user" | "pool" | "mapping", Group>> {
  const isNine = version.atLeast("9.0");
  const config = ["CPU", "Disk", "HWType", "Memory", "Network", "Options"];
  const guestAgent = ["FileRead", "FileSystemMgmt", "FileWrite", "Unrestricted"];
  return {
    vm: {
      root: [],
      admin: [
        ...config.map((name) => `VM.Config.${name}`),
        "VM.Allocate",
        "VM.Clone",
        "VM.Migrate",
        "VM.Snapshot",
        "VM.Snapshot.Rollback",
        ...(isNine ? ["VM.Replicate", ...guestAgent.map((n) => `VM.GuestAgent.${n}`)] : []),
        ...(isNine ? [] : ["VM.Monitor"]),
      ],
      user: ["VM.Backup", "VM.Config.CDROM", "VM.Config.Cloudinit", "VM.Console", "VM.PowerMgmt"],
      audit: ["VM.Audit", ...(isNine ? ["VM.GuestAgent.Audit"] : [])],
    },
    sys: {
      root: ["Sys.AccessNetwork", "Sys.Incoming", "Sys.Modify", "Sys.PowerMgmt"],
      admin: ["Sys.Console", "Sys.Syslog"],
      user: [],
      audit: ["Sys.Audit"],
    },
    datastore: {
      root: [],
      admin: ["Datastore.Allocate", "Datastore.AllocateTemplate"],
      user: ["Datastore.AllocateSpace"],
      audit: ["Datastore.Audit"],
    },
    sdn: { root: [], admin: ["SDN.Allocate"], user: ["SDN.Use"], audit: ["SDN.Audit"] },
    user: {
      root: ["Realm.Allocate"],
      admin: ["Group.Allocate", "Realm.AllocateUser", "User.Modify"],
      user: [],
      audit: [],
    },
    pool: { root: [], admin: ["Pool.Allocate"], user: [], audit: ["Pool.Audit"] },
    mapping: {
      root: [],
      admin: ["Mapping.Modify"],
      user: ["Mapping.Use"],
      audit: ["Mapping.Audit"],
    },
  };
}
