import type { Clock, Logger } from "@kappa4/sdk";
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { People, Standing } from "../../core/people.ts";
import { isSlackError, slackError } from "./errors.ts";

/** What the look-up of people needs. */
export interface SlackPeopleOptions {
  readonly client: WebClient;
  /** Id of the workspace that the app is installed in. */
  readonly team: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How old an answer of Slack may be. */
const FRESH_MS = { change: 60_000, read: 600_000 } as const;
const MOST_REMEMBERED = 5000;

const userAnswer = z.looseObject({
  user: z.looseObject({
    team_id: z.string().optional(),
    name: z.string().optional(),
    real_name: z.string().optional(),
    deleted: z.boolean().optional(),
    is_bot: z.boolean().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    is_stranger: z.boolean().optional(),
    enterprise_user: z.looseObject({ teams: z.array(z.string()).optional() }).optional(),
  }),
});

/** Asks Slack who people are: only full members of the app's own workspace may use the bot. */
export function createSlackPeople(options: SlackPeopleOptions): People {
  const { client, team, clock, logger } = options;
  const known = new Map<string, { readonly standing: Standing; readonly at: number }>();

  async function lookUp(id: string): Promise<Standing> {
    const answer = userAnswer.parse(await client.users.info({ user: id }));
    return standingOf(id, answer.user, team);
  }

  return {
    async check(person, purpose) {
      if (person.team !== team) return refuse("You belong to another workspace.");
      const now = clock.now();
      const remembered = known.get(person.id);
      if (remembered !== undefined && now - remembered.at <= FRESH_MS[purpose]) {
        return remembered.standing;
      }
      try {
        const standing = await lookUp(person.id);
        const [oldest] = known.keys();
        if (known.size >= MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
        known.set(person.id, { standing, at: now });
        return standing;
      } catch (error) {
        if (!isSlackError(error) && !(error instanceof z.ZodError)) throw error;
        logger.warn(
          { person: person.id, error: slackError(error, "users.info") },
          "person could not be looked up",
        );
        return {
          ok: false,
          reason: "Slack does not say right now who you are. Try again in a moment.",
        };
      }
    },
  };
}

type SlackUser = z.output<typeof userAnswer>["user"];

function standingOf(id: string, user: SlackUser, team: string): Standing {
  const teams = [user.team_id, ...(user.enterprise_user?.teams ?? [])];
  if (user.deleted === true) return refuse("Your account is switched off.");
  if (user.is_bot === true) return refuse("Apps may not give orders here.");
  if (user.is_restricted === true || user.is_ultra_restricted === true) {
    return refuse("You are a guest of this workspace.");
  }
  if (user.is_stranger === true || !teams.includes(team)) {
    return refuse("You belong to another workspace.");
  }
  return { ok: true, name: user.real_name || user.name || id };
}

function refuse(why: string): Standing {
  return { ok: false, reason: `${why} Only full members of this workspace may use Kappa4.` };
}
