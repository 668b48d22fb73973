import { X509Certificate } from "node:crypto";
import type { CallOptions, MissingAccess } from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import { normalizeFingerprint } from "../../transport/tls.ts";
import type { CallInfo, LxdApi } from "./api.ts";
import { projectSchema } from "./payloads.ts";

/**
 * Lists what the client certificate lacks. LXD knows few shades: a certificate is trusted or not, it may be
 * restricted to projects, and a restricted project may forbid to name the member that an instance goes to.
 */
export async function checkAccess(
  api: LxdApi,
  certificate: string,
  options: CallOptions = {},
): Promise<readonly MissingAccess[]> {
  const info: CallInfo = { operation: "check access", signal: options.signal };
  const { auth } = await api.server(info);
  if (auth !== "trusted") {
    const reason = "The cluster does not know the client certificate, so nothing can be read.";
    return [{ privilege: "trusted client certificate", path: "/1.0/certificates", reason }];
  }
  const path = `/1.0/projects/${api.project}`;
  try {
    await api.instances(1, info);
  } catch (error) {
    if (!Kappa4Error.is(error, "permission")) throw error;
    const reason = `The certificate is restricted to other projects, so the instances of ${api.project} cannot be read or moved.`;
    return [{ privilege: `project ${api.project}`, path, reason }];
  }
  if (!(await isRestricted(api, certificate, info))) return [];
  const { config } = await api.get(
    `/1.0/projects/${encodeURIComponent(api.project)}`,
    projectSchema,
    info,
  );
  if (config?.restricted !== "true" || config["restricted.cluster.target"] === "allow") return [];
  const reason =
    "The project is restricted and does not let a restricted certificate choose the member of an instance, so nothing can be moved.";
  return [{ privilege: "restricted.cluster.target=allow", path, reason }];
}

async function isRestricted(api: LxdApi, certificate: string, info: CallInfo): Promise<boolean> {
  const own = normalizeFingerprint(new X509Certificate(certificate).fingerprint256);
  try {
    const trusted = await api.certificates(info);
    return trusted.find(({ fingerprint }) => fingerprint === own)?.restricted === true;
  } catch (error) {
    // Newer servers show a restricted certificate no others.
    if (Kappa4Error.is(error, "permission")) return true;
    throw error;
  }
}
