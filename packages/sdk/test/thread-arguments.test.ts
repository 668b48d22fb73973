import { expect, it } from "vitest";
import { threadArguments } from "../src/thread-arguments.ts";

it.each([
  [["--stack-trace-limit=0", "--conditions=@kappa4/source"], ["--conditions=@kappa4/source"]],
  [
    ["-C", "development", "--inspect"],
    ["-C", "development"],
  ],
  [["--input-type=module", "--eval", "import 'x'"], []],
  // What is loaded before a program, as a compiler or a tracer is, is meant for its threads as well.
  [
    ["--import=tsx", "--import", "./tracer.js", "-r", "./early.cjs", "./main.ts"],
    ["--import=tsx", "--import", "./tracer.js", "-r", "./early.cjs"],
  ],
  [["--max-old-space-size=512", "--no-warnings"], ["--no-warnings"]],
])("of %j a thread takes %j", (given, taken) => {
  expect(threadArguments(given)).toEqual(taken);
});
