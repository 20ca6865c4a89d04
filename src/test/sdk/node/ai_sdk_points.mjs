// The AI SDK with the npm package @ai-sdk/openai-compatible against a running service. See points.mjs.

import assert from "node:assert/strict";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, generateText, Output, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";
import * as points from "./points.mjs";
import { all, CUT_URL, ENDLESS, KEY, QUESTION, rejects, SENTENCE, TIGHT_KEY, URL, WEATHER } from "./points.mjs";

const settings = { name: "runnel", baseURL: URL, apiKey: KEY, includeUsage: true, supportsStructuredOutputs: true };
const runnel = createOpenAICompatible(settings);
const stranger = createOpenAICompatible({ ...settings, apiKey: "wrong" });
const tight = createOpenAICompatible({ ...settings, apiKey: TIGHT_KEY });
const cutting = createOpenAICompatible({ ...settings, baseURL: CUT_URL });

const tools = {
  weather: tool({
    description: "The weather in a city.",
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => (city === "Oslo" ? "21" : "unknown"),
  }),
};
const colour = z.object({ name: z.enum(["red", "green"]), dark: z.boolean() });

const whole = (request) => generateText({ model: runnel("echo"), maxRetries: 0, ...request });
const streamed = (request) => streamText({ model: runnel("echo"), maxRetries: 0, onError() {}, ...request });

// The error of a stream, which is a part of it or ends its loop, and the text before.
async function errorOf(stream) {
  let text = "";
  try {
    for await (const part of stream.fullStream) {
      if (part.type === "error") {
        return { error: part.error, text };
      }
      text += part.type === "text-delta" ? part.text : "";
    }
  } catch (error) {
    return { error, text };
  }
  throw new Error("no error, but " + text);
}

await points.run(
  "@ai-sdk/openai-compatible",
  {
    async whole() {
      const answer = await whole({ prompt: SENTENCE });
      assert.equal(answer.text, SENTENCE);
      assert.equal(answer.finishReason, "stop");
      assert.match(answer.response.id, /^gen_/);
    },
    async streamed() {
      const stream = streamed({ prompt: SENTENCE });
      const texts = await all(stream.textStream);
      assert.equal(texts.join(""), SENTENCE);
      assert.ok(texts.length > 1);
      assert.equal(await stream.finishReason, "stop");
    },
    async usage() {
      const counted = (await whole({ prompt: "a b" })).usage;
      assert.ok(counted.inputTokens > 0 && counted.outputTokens > 0);
      const stream = streamed({ prompt: "a b" });
      await stream.consumeStream();
      assert.deepEqual((await stream.usage).outputTokens, counted.outputTokens);
    },
    async stop() {
      assert.equal((await whole({ prompt: "one two three", stopSequences: [" three"] })).text, "one two");
      assert.equal((await whole({ prompt: "one two three", maxOutputTokens: 1 })).finishReason, "length");
    },
    async conversation() {
      const answer = await whole({
        messages: [
          { role: "user", content: "hi" },
          { role: "assistant", content: "hello" },
          { role: "user", content: [{ type: "text", text: "the end" }] },
        ],
      });
      assert.equal(answer.text, "the end");
    },
    async tools() {
      const request = { model: runnel("caller"), prompt: QUESTION, tools, stopWhen: stepCountIs(2) };
      const answer = await whole(request);
      assert.equal(answer.text, WEATHER);
      assert.equal(answer.steps[0].finishReason, "tool-calls");
      const stream = streamed(request);
      await stream.consumeStream();
      assert.equal(await stream.text, WEATHER);
    },
    async schema() {
      const request = { model: runnel("tiny"), prompt: "A colour, please.", output: Output.object({ schema: colour }) };
      const answer = await whole(request);
      assert.equal(typeof answer.output.dark, "boolean");
      const stream = streamed(request);
      await stream.consumeStream();
      assert.equal(typeof (await stream.output).dark, "boolean");
    },
    async unauthorized() {
      const error = await rejects(() => whole({ model: stranger("echo"), prompt: "x" }));
      assert.ok(APICallError.isInstance(error), error);
      assert.equal(error.statusCode, 401);
      const { error: inStream } = await errorOf(streamed({ model: stranger("echo"), prompt: "x" }));
      assert.equal(inStream.statusCode, 401);
    },
    async unknown_model() {
      const error = await rejects(() => whole({ model: runnel("gpt-4o"), prompt: "x" }));
      assert.equal(error.statusCode, 404);
      assert.equal(error.data.error.code, "model_not_found");
    },
    async too_long() {
      const error = await rejects(() => whole({ model: runnel("small"), prompt: "word ".repeat(9) }));
      assert.equal(error.statusCode, 400);
      assert.equal(error.data.error.code, "context_length_exceeded");
      const { error: inStream } = await errorOf(streamed({ model: runnel("small"), prompt: "word ".repeat(9) }));
      assert.equal(inStream.statusCode, 400);
    },
    async rate_limited() {
      assert.ok((await points.useUpTheRequests()) >= 1);
      assert.equal((await rejects(() => whole({ model: tight("echo"), prompt: "x" }))).statusCode, 429);
    },
    async retry_after() {
      assert.ok((await points.useUpTheRequests()) >= 1);
      assert.equal((await whole({ model: tight("echo"), prompt: "x", maxRetries: 1 })).text, "x");
    },
    async upstream_fails() {
      const { text } = await errorOf(streamed({ model: runnel("broken"), prompt: "x" }));
      assert.match(text, /^one two/);
      assert.equal((await rejects(() => whole({ model: runnel("broken"), prompt: "x" }))).statusCode, 502);
    },
    async cut() {
      const { text } = await errorOf(streamed({ model: cutting("ticks"), prompt: "x" }));
      assert.match(text, /tick/);
    },
    async abort() {
      const controller = new AbortController();
      const stream = streamed({ model: runnel(ENDLESS), prompt: "x", abortSignal: controller.signal });
      const reader = stream.textStream[Symbol.asyncIterator]();
      await reader.next();
      await points.freesTheEngine(() => controller.abort());
    },
  },
  {
    models: "it has no list of models",
    responses: "it uses chat completions",
    responses_streamed: "it uses chat completions",
    response_resumed: "it uses chat completions",
  },
);
