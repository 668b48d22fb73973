import { type OrgStandingAction, standingAction } from "./standing.ts";

/** `orgs.resume` */
export const resume: OrgStandingAction = standingAction(
  { verb: "resume", from: "suspended", to: "active" },
  "Lets a suspended organisation be changed again, once those who have to have approved it.",
);
