import { type Call, needs, type Operation } from "../api/operation.ts";
import { nodeName, vmid } from "../api/schema.ts";
import { failure } from "../errors.ts";
import type { Guest } from "../state/types.ts";
import { guestOfCall } from "./guest-of-call.ts";
import type { Row } from "./rows.ts";

const one = { node: nodeName, vmid };

/** What runs inside a guest, as far as it is asked. */
export const agentOperations: readonly Operation[] = [
  ...agentReads("9.0", undefined, "VM.GuestAgent.Audit"),
  ...agentReads(undefined, "9.0", "VM.Monitor"),
  {
    method: "GET",
    path: "/nodes/{node}/lxc/{vmid}/interfaces",
    permission: needs("/vms/{vmid}", "VM.Audit"),
    isProxied: true,
    named: one,
    run: (call) => containerInterfaces(call),
  },
];

function agentReads(
  since: string | undefined,
  until: string | undefined,
  privilege: string,
): readonly Operation[] {
  const permission = needs("/vms/{vmid}", privilege);
  const common = { permission, isProxied: true, named: one, since, until };
  const base = "/nodes/{node}/qemu/{vmid}/agent";
  return [
    {
      ...common,
      method: "GET",
      path: `${base}/network-get-interfaces`,
      run: (call) => agentInterfaces(call),
    },
    {
      ...common,
      method: "POST",
      path: `${base}/ping`,
      run: (call) => {
        requireAgent(guestOfCall(call, "qemu"));
        return { result: {} };
      },
    },
  ];
}

function requireAgent(guest: Guest): void {
  const agent = String(guest.config.get("agent") ?? "0");
  if (!/^(?:enabled=)?1/.test(agent)) throw failure("No QEMU guest agent configured");
  if (!guest.running) throw failure(`VM ${guest.vmid} is not running`);
}

function agentInterfaces(call: Call): Row {
  const guest = guestOfCall(call, "qemu");
  requireAgent(guest);
  return {
    result: interfacesOf(guest).map(({ name, mac, ip }) => ({
      name,
      "hardware-address": mac,
      "ip-addresses": [{ "ip-address": ip, "ip-address-type": "ipv4", prefix: 24 }],
    })),
  };
}

function containerInterfaces(call: Call): readonly Row[] | null {
  const guest = guestOfCall(call, "lxc");
  if (!guest.running) return null;
  return interfacesOf(guest).map(({ name, mac, ip }) => ({ name, hwaddr: mac, inet: `${ip}/24` }));
}

function interfacesOf(
  guest: Guest,
): readonly { readonly name: string; readonly mac: string; readonly ip: string }[] {
  const macs = [...guest.config]
    .filter(([key]) => /^net\d+$/.test(key))
    .map(([, value]) => /(?:[0-9A-F]{2}:){5}[0-9A-F]{2}/i.exec(String(value))?.[0] ?? "");
  const host = `${guest.vmid % 250}`;
  const lo = { name: "lo", mac: "00:00:00:00:00:00", ip: "127.0.0.1" };
  return [
    lo,
    ...macs.map((mac, index) => ({
      name: `eth${index}`,
      mac: mac.toLowerCase(),
      ip: `192.0.2.${Number(host) + 1}`,
    })),
  ];
}
