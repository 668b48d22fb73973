import { isId, Kappa4Error } from "@kappa4/sdk";
import type { View } from "../view/model.ts";
import { type Addressee, repeated } from "./deliver.ts";
import type { Directory } from "./directory.ts";
import type { MessagePort } from "./port.ts";

/** What reaching people directly stands on. */
export interface DirectParts {
  /** The surface: `slack` for example. */
  readonly platform: string;
  readonly directory: Pick<Directory, "accountOf">;
  readonly port: Pick<MessagePort, "direct" | "post">;
}

/**
 * Those of some people for whom there is a view. Who is disabled, or has no account here, is among them and never reached;
 * the terminal and Kappa4 itself are nobody.
 */
export async function directTo(
  { platform, directory, port }: DirectParts,
  people: readonly string[],
  viewFor: (reader: string) => View | undefined | Promise<View | undefined>,
): Promise<readonly Addressee[]> {
  const all: Addressee[] = [];
  for (const reader of people) {
    const view = isId("usr", reader) ? await viewFor(reader) : undefined;
    if (view === undefined) continue;
    const account = await directory.accountOf(reader);
    all.push({
      key: reader,
      async send(isRepeat) {
        if (account === undefined) throw unreachable(reader, platform);
        await port.post(await port.direct(account), repeated(view, isRepeat));
      },
    });
  }
  return all;
}

/**
 * The first `most` of some people who can be told here. Where nobody can, the first of all: that they were not told is
 * then on record.
 */
export async function firstReached(
  { directory }: Pick<DirectParts, "directory">,
  people: readonly string[],
  most: number,
): Promise<readonly string[]> {
  const reached: string[] = [];
  for (const reader of people) {
    if (reached.length === most) break;
    if ((await directory.accountOf(reader)) !== undefined) reached.push(reader);
  }
  return reached.length === 0 ? people.slice(0, most) : reached;
}

function unreachable(reader: string, platform: string): Kappa4Error {
  return new Kappa4Error(
    "failed_precondition",
    `${reader} is disabled or has no account in this ${platform} workspace; link one to tell them there.`,
  );
}
