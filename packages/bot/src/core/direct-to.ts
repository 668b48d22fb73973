import type { View } from "../view/model.ts";
import { type Addressee, repeated } from "./deliver.ts";
import type { Directory } from "./directory.ts";
import type { MessagePort } from "./port.ts";

/** Those who can be reached of some people, each with the view for them. */
export async function directTo(
  { directory, port }: { readonly directory: Directory; readonly port: MessagePort },
  people: readonly string[],
  viewFor: (reader: string) => View | undefined | Promise<View | undefined>,
): Promise<readonly Addressee[]> {
  const all: Addressee[] = [];
  for (const reader of people) {
    const account = await directory.accountOf(reader);
    const view = account === undefined ? undefined : await viewFor(reader);
    if (account === undefined || view === undefined) continue;
    all.push({
      key: reader,
      async send(isRepeat) {
        await port.post(await port.direct(account), repeated(view, isRepeat));
      },
    });
  }
  return all;
}
