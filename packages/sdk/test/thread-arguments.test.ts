import { expect, it } from "vitest";
import { threadArguments } from "../src/thread-arguments.ts";

it.each([
  [["--stack-trace-limit=0", "--conditions=@kappa4/source"], ["--conditions=@kappa4/source"]],
  [
    ["-C", "development", "--inspect"],
    ["-C", "development"],
  ],
  [["--input-type=module", "--eval", "import 'x'"], []],
  [["--max-old-space-size=512", "--no-warnings"], ["--no-warnings"]],
])("of %j a thread takes %j", (given, taken) => {
  expect(threadArguments(given)).toEqual(taken);
});
