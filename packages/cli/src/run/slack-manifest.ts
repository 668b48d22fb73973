import { slackManifest } from "@kappa4/bot";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printJson } from "./print.ts";

/** Prints the manifest to paste into Slack. */
export async function runSlackManifest(input: CommandInput): Promise<number> {
  const { flags } = input;
  const url = flags.text("url");
  if (url !== undefined && !(URL.canParse(url) && new URL(url).protocol === "https:")) {
    flags.problem(
      "url",
      "must be an https address such as https://kappa4.example.com/slack/events",
    );
  }
  flags.check();
  printJson(input, slackManifest({ url, name: flags.text("name") }));
  return EXIT.ok;
}
