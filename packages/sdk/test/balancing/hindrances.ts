import type { ClusterSnapshot, Guest } from "@kappa4/connectors";

/** Why a guest cannot go to a node, whatever is there. */
export function hindrances(snapshot: ClusterSnapshot, guest: Guest, to: string): readonly string[] {
  const node = snapshot.nodes.find(({ name }) => name === to);
  const home = snapshot.nodes.find(({ name }) => name === guest.node);
  if (node === undefined) return ["there is no such node"];
  const found: string[] = [];
  const check = (isWrong: boolean, what: string): void => {
    if (isWrong) found.push(what);
  };
  const isOut = guest.status === "unknown" || home?.status !== "online" || home.ignored;
  check(isOut, "its node is out");
  const isBound = guest.localResources.length > 0 || guest.template === true;
  check(guest.lock !== null || isBound, "cannot move");
  const storages = node.storages.map(({ id }) => id);
  const lacks = guest.volumes?.some(({ storage }) => !storages.includes(storage)) === true;
  check(lacks, "storage is missing");
  const isApart = guest.bridges?.some((bridge) => node.bridges?.includes(bridge) === false);
  check(isApart === true, "network is missing");
  const isLive = guest.type === "qemu" && guest.status !== "stopped";
  const isOther =
    node.cpuGroup !== undefined && home?.cpuGroup !== undefined && node.cpuGroup !== home.cpuGroup;
  check(isLive && isOther, "processor is different");
  check(guest.refusedNodes?.[to] !== undefined, "provider refuses");
  return found;
}
