// Runs the points of one client library, and prints a line for each of them:
//
//     ok NAME
//     not offered NAME: why the library cannot do this
//     failed NAME: what it did instead
//
// A program calls `run` with a function for each point. `SdkIT` starts the service, and sets the variables below.

import { copyFileSync, readFileSync } from "node:fs";

export const URL = process.env.RUNNEL_URL + "/v1";
export const KEY = process.env.RUNNEL_KEY;
// Of a plan of 30 requests per minute.
export const TIGHT_KEY = process.env.RUNNEL_TIGHT_KEY;
// The same service through a proxy that cuts each connection in the middle of the answer.
export const CUT_URL = process.env.RUNNEL_CUT_URL + "/v1";
// A model with one place, no queue and an endless text, one token in each second. No other program uses it.
export const ENDLESS = process.env.RUNNEL_ENDLESS;

const NAMES = [
  "snippet",
  "models",
  "whole",
  "streamed",
  "usage",
  "stop",
  "conversation",
  "tools",
  "schema",
  "unauthorized",
  "unknown_model",
  "too_long",
  "rate_limited",
  "retry_after",
  "upstream_fails",
  "cut",
  "abort",
  "responses",
  "responses_streamed",
  "response_resumed",
];

export const SENTENCE = 'a "b" 😀\nc';
export const WEATHER = "It is 21 degrees in Oslo.";
export const QUESTION = "How warm is it in Oslo?";

// The version of a package beside this file.
export function version(name) {
  return JSON.parse(readFileSync(new globalThis.URL(`node_modules/${name}/package.json`, import.meta.url))).version;
}

// The error that the call ends with.
export async function rejects(call) {
  let result;
  try {
    result = await call();
  } catch (error) {
    return error;
  }
  throw new Error("no error, but " + JSON.stringify(result));
}

export async function all(iterable) {
  const values = [];
  for await (const value of iterable) {
    values.push(value);
  }
  return values;
}

// The code that the page shows for the library. It looks for packages beside this file.
async function snippet() {
  const copy = new globalThis.URL(`snippet-${ENDLESS}.mjs`, import.meta.url);
  copyFileSync(process.env.RUNNEL_SNIPPET, copy);
  const { write } = process.stdout;
  let printed = "";
  process.stdout.write = (text) => (printed += text);
  try {
    await import(copy);
  } finally {
    process.stdout.write = write;
  }
  if (printed.trim() !== "Write a story") {
    throw new Error(printed);
  }
}

// Sends requests without a library, until the key has to wait. Returns for how many seconds.
export async function useUpTheRequests() {
  for (let i = 0; i < 60; i++) {
    const answer = await fetch(URL + "/chat/completions", {
      method: "POST",
      headers: { Authorization: "Bearer " + TIGHT_KEY, "Content-Type": "application/json" },
      body: JSON.stringify({ model: "echo", messages: [{ role: "user", content: "x" }] }),
    });
    await answer.text();
    if (answer.status === 429) {
      return Number(answer.headers.get("Retry-After"));
    }
  }
  throw new Error("60 requests were not refused");
}

// How many generations of the endless model the engine runs.
async function running() {
  const text = await (await fetch(process.env.RUNNEL_METRICS)).text();
  const start = `runnel_generations_running{model="${ENDLESS}"} `;
  const line = text.split("\n").find((found) => found.startsWith(start));
  return line ? Number(line.slice(start.length)) : 0;
}

async function awaits(count) {
  const end = Date.now() + 10_000;
  for (let now = await running(); now !== count; now = await running()) {
    if (Date.now() > end) {
      throw new Error(`${now} generations run, not ${count}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// The generation runs before the abort, and ends with it: one token is one second.
export async function freesTheEngine(abort) {
  await awaits(1);
  const start = Date.now();
  await abort();
  await awaits(0);
  if (Date.now() - start >= 2000) {
    throw new Error(`${Date.now() - start} ms after the abort`);
  }
}

// Runs the named points, else all.
export async function run(name, points, notOffered) {
  console.log("version " + version(name));
  const chosen = process.argv.slice(2);
  for (const point of chosen.length ? chosen : NAMES) {
    if (point in notOffered) {
      console.log(`not offered ${point}: ${notOffered[point]}`);
      continue;
    }
    try {
      await (points[point] ?? snippet)();
      console.log("ok " + point);
    } catch (error) {
      console.error(error);
      console.log(`failed ${point}: ${String(error).replace(/\s+/g, " ")}`);
    }
  }
}
