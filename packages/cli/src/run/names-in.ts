import type { Kappa4 } from "@kappa4/sdk";

/** Learns what people are called, so that they can be named by their ids; others keep what they are known by. */
export async function namesIn({ users }: Kappa4): Promise<(id: string) => string> {
  const names = new Map((await users.list()).map(({ id, name }) => [String(id), name]));
  return (id) => names.get(id) ?? id;
}
