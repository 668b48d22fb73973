import { type OrgStandingAction, standingAction } from "./standing.ts";

/** `orgs.suspend` */
export const suspend: OrgStandingAction = standingAction(
  { verb: "suspend", from: "active", to: "suspended" },
  "Lets an organisation be read only, once those who have to have approved it.",
);
