// What a run of everything ends with: what failed, so that the last lines tell it by themselves, and the two counts.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const folder = process.argv[2];
const text = (name) => stripVTControlCharacters(readFileSync(join(folder, name), "utf8"));
const lines = (name) => text(name).trim().split("\n");
const LAST_LINES = 15;

const ended = new Map(lines("steps").map((line) => line.split("\t")));
const begun = lines("begun");
const failedSteps = begun.filter((name) => ended.get(name) !== "passed");
const reports = readdirSync(folder).filter((name) => name.endsWith(".json"));
const tests = reports.flatMap((name) => JSON.parse(text(name)).testResults.flatMap(testsOf));
const failedTests = tests.filter(({ status }) => status === "failed");

for (const { file, name, why } of failedTests) {
  console.log(`\n!! ${file}: ${name}\n${why}`);
}
for (const name of failedSteps) {
  // A step that began and was ended from outside has failed as well.
  console.log(`\n!! ${name} ${ended.get(name) ?? "did not end"}; its last lines:`);
  console.log(lastLines(`${name}.log`));
}
const failed = failedSteps.length + failedTests.length;
const passed =
  begun.length - failedSteps.length + tests.filter(({ status }) => status === "passed").length;
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** The tests of a file. A file that could not be loaded has none, and counts as one that failed. */
function testsOf({ name: file, status, message, assertionResults }) {
  const found = assertionResults.map((test) => ({
    file,
    name: test.fullName,
    status: test.status,
    why: (test.failureMessages ?? []).join("\n").split("\n").slice(0, LAST_LINES).join("\n"),
  }));
  const hasFailed = status === "failed" && !found.some((test) => test.status === "failed");
  return hasFailed ? [...found, { file, name: "the file itself", status, why: message }] : found;
}

function lastLines(name) {
  try {
    return lines(name).slice(-LAST_LINES).join("\n");
  } catch {
    return "(it printed nothing)";
  }
}
