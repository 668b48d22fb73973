/** Which Proxmox VE a node runs. */
export interface PveVersion {
  /** For example `9.1.9`. */
  readonly full: string;
  /** For example `9.1`. */
  readonly release: string;
  readonly repoid: string;
  /** Whether this is the given version or a later one. */
  atLeast(version: string): boolean;
}

// The last point release known of each line (facts of November 2026).
const NEWEST: Readonly<Record<string, string>> = {
  "8.4": "8.4.21",
  "9.0": "9.0.18",
  "9.1": "9.1.9",
  "9.2": "9.2.11",
};

/** Reads `9.1` or `9.1.4`; a line without a point release means its newest one. Throws RangeError otherwise. */
export function parseVersion(text: string): PveVersion {
  if (!/^\d+\.\d+(\.\d+)?$/.test(text)) {
    throw new RangeError(`"${text}" is no version of Proxmox VE; write it like 9.1 or 8.4.17.`);
  }
  const full = NEWEST[text] ?? (text.split(".").length === 2 ? `${text}.1` : text);
  if (compareVersions(full, "8.0.0") < 0) {
    throw new RangeError(`Proxmox VE ${text} is not simulated; choose 8.4, 9.0, 9.1 or 9.2.`);
  }
  // Asked for every guest of every list, so each answer is worked out once.
  const known = new Map<string, boolean>();
  const atLeast = (version: string): boolean => {
    const isAtLeast = known.get(version) ?? compareVersions(full, version) >= 0;
    known.set(version, isAtLeast);
    return isAtLeast;
  };
  return {
    full,
    release: full.split(".").slice(0, 2).join("."),
    repoid: "4b7a8d2e0c1f5936",
    atLeast,
  };
}

/**
 * Whether a refused ticket or token gets the text of January 2026 (`Authentication failed!`), which came with
 * pve-manager 9.1.5 and 8.4.17.
 */
export function hasUniformAuthText(version: PveVersion): boolean {
  return version.atLeast("9.0.0") ? version.atLeast("9.1.5") : version.atLeast("8.4.17");
}

function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
