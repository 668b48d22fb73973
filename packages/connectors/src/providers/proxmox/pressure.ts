import { Kappa4Error } from "../../contract/errors.ts";
import type { Pressure, SnapshotNode } from "../../contract/snapshot.ts";
import { type CallInfo, path } from "./api.ts";
import type { ProxmoxContext } from "./context.ts";
import { type PressurePayload, pressurePayload } from "./payloads.ts";

/** Pressure figures by node and by guest, ready to be merged into a snapshot. */
export interface PressureView {
  readonly nodes: ReadonlyMap<string, { readonly psi: Pressure }>;
  readonly guests: ReadonlyMap<number, { readonly psi: Pressure }>;
  readonly warnings: readonly string[];
}

/** Reads pressure stall information: three requests per online node. Proxmox VE 8 has none. */
export async function readPressure(
  { api }: ProxmoxContext,
  nodes: readonly SnapshotNode[],
  info: CallInfo,
): Promise<PressureView> {
  const online = nodes.filter(({ status }) => status === "online");
  const byNode = new Map<string, { psi: Pressure }>();
  const byGuest = new Map<number, { psi: Pressure }>();
  const silent: string[] = [];
  await Promise.all(
    online.map(async ({ name }) => {
      try {
        const [series, vms, containers] = await Promise.all([
          api.get(path`/nodes/${name}/rrddata`, pressurePayload, info, { timeframe: "hour" }),
          api.get(path`/nodes/${name}/qemu`, pressurePayload, info),
          api.get(path`/nodes/${name}/lxc`, pressurePayload, info),
        ]);
        // The newest row is often still empty.
        const latest = series.findLast((row) => row.pressurememorysome !== undefined);
        if (latest === undefined) silent.push(name);
        else byNode.set(name, { psi: mapPressure(latest) });
        for (const row of [...vms, ...containers]) {
          if (row.vmid === undefined || row.pressurememorysome === undefined) continue;
          byGuest.set(row.vmid, { psi: mapPressure(row) });
        }
      } catch (error) {
        if (!Kappa4Error.is(error, "permission") && !Kappa4Error.is(error, "unavailable"))
          throw error;
        silent.push(name);
      }
    }),
  );
  const warnings =
    silent.length === 0
      ? []
      : [
          `No pressure figures of ${silent.sort().join(", ")}: they need Proxmox VE 9 and the privilege Sys.Audit.`,
        ];
  return { nodes: byNode, guests: byGuest, warnings };
}

function mapPressure(row: PressurePayload): Pressure {
  return {
    cpuSome: row.pressurecpusome ?? 0,
    cpuFull: row.pressurecpufull ?? 0,
    memorySome: row.pressurememorysome ?? 0,
    memoryFull: row.pressurememoryfull ?? 0,
    ioSome: row.pressureiosome ?? 0,
    ioFull: row.pressureiofull ?? 0,
  };
}
