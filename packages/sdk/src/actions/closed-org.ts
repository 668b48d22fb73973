import { Kappa4Error } from "@kappa4/connectors";
import type { OrgTransaction, StoredOrg } from "../store/index.ts";

/** An organisation in which nothing may be changed, and the error that says so. */
export interface ClosedOrg {
  readonly status: StoredOrg["status"];
  readonly error: Kappa4Error;
}

/** Says whether an organisation may not be changed; undefined for an active one. */
export async function closedOrg(tx: OrgTransaction): Promise<ClosedOrg | undefined> {
  const status = await tx.status();
  if (status === "active") return undefined;
  const message = `This organisation is ${status}: it can be read, and nothing in it changed. Ask the platform's admins.`;
  return { status, error: new Kappa4Error("failed_precondition", message) };
}
