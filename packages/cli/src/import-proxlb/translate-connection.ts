import { given, type Translating } from "./translation.ts";

/** Translates `proxmox_api`. Secrets become variables unless they are asked for. */
export function translateConnection(
  work: Translating,
  withSecrets: boolean,
): Readonly<Record<string, unknown>> {
  const { old } = work;
  const hosts = work.carry("proxmox_api.hosts", old.list("proxmox_api.hosts"));
  if (hosts === undefined) {
    work.change(
      "endpoints",
      "The ProxLB file names no hosts: put the addresses of your nodes here.",
    );
  }
  const seconds = work.carry("proxmox_api.timeout", old.number("proxmox_api.timeout"));
  const auth = credentials(work, withSecrets);
  const tls = trust(work);
  work.drop("proxmox_api.retries", "Kappa4 repeats reads by itself and never a write.");
  work.drop("proxmox_api.wait_time", "Kappa4 waits longer after each attempt by itself.");
  return given({
    kind: "proxmox",
    endpoints: (hosts ?? ["pve1.example"]).map(address),
    auth,
    tls,
    timeoutMs: seconds === undefined ? undefined : Math.max(1, Math.round(seconds * 1000)),
  });
}

function credentials(work: Translating, withSecrets: boolean): Readonly<Record<string, unknown>> {
  const { old } = work;
  const user = work.carry("proxmox_api.user", old.text("proxmox_api.user")) ?? "root@pam";
  const tokenId = work.carry("proxmox_api.token_id", old.text("proxmox_api.token_id"));
  const tokenSecret = old.text("proxmox_api.token_secret");
  const password = old.text("proxmox_api.pass");
  if (tokenId !== undefined) {
    const name = tokenId.includes("!") ? tokenId : `${user}!${tokenId}`;
    const secret = secretOf("token_secret", tokenSecret);
    return { type: "token", token: `${withSecrets ? escaped(name) : name}=${secret}` };
  }
  return { type: "password", username: user, password: secretOf("pass", password) };

  function secretOf(key: string, value: string | undefined): string {
    work.carry(`proxmox_api.${key}`, value);
    if (withSecrets && value !== undefined) return escaped(value);
    const variable = `PROXLB_${key.toUpperCase()}`;
    work.variables.push(variable);
    return `\${${variable}}`;
  }
}

function trust(work: Translating): Readonly<Record<string, unknown>> | undefined {
  const isChecked = work.carry(
    "proxmox_api.ssl_verification",
    work.old.boolean("proxmox_api.ssl_verification"),
  );
  if (isChecked !== false) return undefined;
  work.change(
    "tls",
    "ProxLB did not check certificates. Better: `verify: pin` with the `sha256` of the nodes' certificates.",
  );
  return { verify: "none" };
}

/** A literal `${` in a secret must not be taken for a variable. */
function escaped(secret: string): string {
  // A function, for in a replacement text `$$` would mean one dollar sign.
  return secret.replaceAll("${", () => "$${");
}

function address(host: string): string {
  if (/^https?:\/\//.test(host)) return host.replace(/^http:/, "https:");
  const isBareIpv6 = host.split(":").length > 2 && !host.startsWith("[");
  const name = isBareIpv6 ? `[${host}]` : host;
  return /:\d+$/.test(name) && !isBareIpv6 ? `https://${name}` : `https://${name}:8006`;
}
