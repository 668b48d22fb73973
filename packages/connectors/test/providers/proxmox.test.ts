import { describe, it } from "vitest";
import { describeConnector } from "../../src/testing/index.ts";
import { conformanceTarget } from "./proxmox/target.ts";

for (const version of ["8.4", "9.1"]) {
  for (const login of ["token", "password"] as const) {
    describeConnector({ describe, it }, `proxmox ${version} by ${login}`, () =>
      conformanceTarget(version, login),
    );
  }
}
