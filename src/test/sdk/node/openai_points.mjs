// The npm package openai against a running service. See points.mjs.

import assert from "node:assert/strict";
import OpenAI from "openai";
import * as points from "./points.mjs";
import { all, CUT_URL, ENDLESS, KEY, QUESTION, rejects, SENTENCE, TIGHT_KEY, URL, WEATHER } from "./points.mjs";

const client = new OpenAI({ baseURL: URL, apiKey: KEY, maxRetries: 0 });
const TOOLS = [
  {
    type: "function",
    function: {
      name: "weather",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  },
];
const COLOUR = {
  type: "json_schema",
  json_schema: {
    name: "colour",
    strict: true,
    schema: {
      type: "object",
      properties: { name: { type: "string", enum: ["red", "green"] }, dark: { type: "boolean" } },
      required: ["name", "dark"],
      additionalProperties: false,
    },
  },
};

const user = (content) => [{ role: "user", content }];
const chat = (request, of = client) => of.chat.completions.create({ model: "echo", ...request });
const text = (chunks) => chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
const of = (settings) => new OpenAI({ baseURL: URL, apiKey: KEY, maxRetries: 0, ...settings });

await points.run(
  "openai",
  {
    async models() {
      const ids = (await all(client.models.list())).map((model) => model.id);
      assert.deepEqual(ids.slice(0, 4), ["echo", "small", "slow", "failing"]);
      const one = await client.models.retrieve("slow");
      assert.deepEqual([one.id, one.object, one.owned_by], ["slow", "model", "runnel"]);
    },
    async whole() {
      const answer = await chat({ messages: user(SENTENCE) });
      assert.equal(answer.choices[0].message.content, SENTENCE);
      assert.equal(answer.choices[0].finish_reason, "stop");
      assert.match(answer.id, /^gen_/);
    },
    async streamed() {
      const chunks = await all(await chat({ messages: user(SENTENCE), stream: true }));
      assert.equal(chunks[0].choices[0].delta.role, "assistant");
      assert.equal(text(chunks), SENTENCE);
      assert.deepEqual(
        chunks.map((chunk) => chunk.choices[0].finish_reason).filter((reason) => reason),
        ["stop"],
      );
    },
    async usage() {
      const whole = (await chat({ messages: user("a b") })).usage;
      assert.equal(whole.total_tokens, whole.prompt_tokens + whole.completion_tokens);
      const options = { stream: true, stream_options: { include_usage: true } };
      assert.deepEqual((await all(await chat({ messages: user("a b"), ...options }))).at(-1).usage, whole);
    },
    async stop() {
      const answer = await chat({ messages: user("one two three"), stop: " three" });
      assert.equal(answer.choices[0].message.content, "one two");
      const short = await chat({ messages: user("one two three"), max_completion_tokens: 1 });
      assert.equal(short.choices[0].finish_reason, "length");
    },
    async conversation() {
      const parts = [
        { type: "text", text: "the " },
        { type: "text", text: "end" },
      ];
      const answer = await chat({
        messages: [
          { role: "developer", content: "Be brief." },
          { role: "user", content: "hi" },
          { role: "assistant", content: "hello" },
          { role: "user", content: parts },
        ],
      });
      assert.equal(answer.choices[0].message.content, "the end");
    },
    async tools() {
      const request = { model: "caller", messages: user(QUESTION), tools: TOOLS };
      const streamed = await client.chat.completions.stream(request).finalChatCompletion();
      for (const answer of [await chat(request), streamed]) {
        assert.equal(answer.choices[0].finish_reason, "tool_calls");
        const { message } = answer.choices[0];
        const call = message.tool_calls[0];
        assert.equal(call.function.name, "weather");
        assert.deepEqual(JSON.parse(call.function.arguments), { city: "Oslo" });
        const result = { role: "tool", tool_call_id: call.id, content: "21" };
        const last = await chat({ ...request, messages: [...request.messages, message, result] });
        assert.equal(last.choices[0].message.content, WEATHER);
      }
    },
    async schema() {
      const request = { model: "tiny", messages: user("A colour, please."), response_format: COLOUR };
      const streamed = await client.chat.completions.stream(request).finalChatCompletion();
      for (const answer of [await client.chat.completions.parse(request), streamed]) {
        const colour = answer.choices[0].message.parsed ?? JSON.parse(answer.choices[0].message.content);
        assert.ok(["red", "green"].includes(colour.name));
        assert.equal(typeof colour.dark, "boolean");
      }
    },
    async unauthorized() {
      const stranger = of({ apiKey: "wrong" });
      for (const stream of [true, false]) {
        const error = await rejects(() => chat({ messages: user("x"), stream }, stranger));
        assert.ok(error instanceof OpenAI.AuthenticationError, error);
        assert.equal(error.code, "invalid_api_key");
      }
    },
    async unknown_model() {
      for (const call of [
        () => chat({ model: "gpt-4o", messages: user("x") }),
        () => client.models.retrieve("gpt-4o"),
      ]) {
        const error = await rejects(call);
        assert.ok(error instanceof OpenAI.NotFoundError, error);
        assert.deepEqual([error.code, error.param], ["model_not_found", "model"]);
      }
    },
    async too_long() {
      for (const stream of [true, false]) {
        const error = await rejects(() => chat({ model: "small", messages: user("word ".repeat(9)), stream }));
        assert.ok(error instanceof OpenAI.BadRequestError, error);
        assert.equal(error.code, "context_length_exceeded");
      }
    },
    async rate_limited() {
      assert.ok((await points.useUpTheRequests()) >= 1);
      const error = await rejects(() => chat({ messages: user("x") }, of({ apiKey: TIGHT_KEY })));
      assert.ok(error instanceof OpenAI.RateLimitError, error);
    },
    async retry_after() {
      assert.ok((await points.useUpTheRequests()) >= 1);
      const answer = await chat({ messages: user("x") }, of({ apiKey: TIGHT_KEY, maxRetries: 1 }));
      assert.equal(answer.choices[0].message.content, "x");
    },
    async upstream_fails() {
      const chunks = [];
      const error = await rejects(async () => {
        for await (const chunk of await chat({ model: "broken", messages: user("x"), stream: true })) {
          chunks.push(chunk);
        }
      });
      assert.ok(error instanceof OpenAI.APIError, error);
      assert.equal(error.code, "upstream_failed");
      assert.match(text(chunks), /^one two/);
      const whole = await rejects(() => chat({ model: "broken", messages: user("x") }));
      assert.ok(whole instanceof OpenAI.InternalServerError, whole);
    },
    async cut() {
      const chunks = [];
      await rejects(async () => {
        const stream = await chat({ model: "ticks", messages: user("x"), stream: true }, of({ baseURL: CUT_URL }));
        for await (const chunk of stream) {
          chunks.push(chunk);
        }
      });
      assert.match(text(chunks), /tick/);
    },
    async abort() {
      const stream = await chat({ model: ENDLESS, messages: user("x"), stream: true });
      await stream[Symbol.asyncIterator]().next();
      await points.freesTheEngine(() => stream.controller.abort());
      const answer = await chat({ model: ENDLESS, messages: user("x"), max_completion_tokens: 1 });
      assert.equal(answer.choices[0].finish_reason, "length");
    },
    async responses() {
      const answer = await client.responses.create({ model: "echo", input: SENTENCE });
      assert.equal(answer.output_text, SENTENCE);
      assert.equal(answer.status, "completed");
    },
    async responses_streamed() {
      const events = await all(await client.responses.create({ model: "echo", input: SENTENCE, stream: true }));
      const deltas = events.filter((event) => event.type === "response.output_text.delta");
      assert.equal(deltas.map((event) => event.delta).join(""), SENTENCE);
      assert.equal(events.at(-1).type, "response.completed");
    },
    async response_resumed() {
      const request = { model: "slow", input: "x", background: true, stream: true };
      const events = [];
      for await (const event of await client.responses.create(request)) {
        events.push(event);
        if (event.sequence_number >= 6) {
          break; // closes the connection
        }
      }
      const { id } = events[0].response;
      assert.equal((await client.responses.retrieve(id)).status, "in_progress");
      const starting_after = events.at(-1).sequence_number;
      events.push(...(await all(await client.responses.retrieve(id, { stream: true, starting_after }))));
      const deltas = events.filter((event) => event.type === "response.output_text.delta");
      const whole = "one two three four five six seven eight nine ten";
      assert.equal(deltas.map((event) => event.delta).join(""), whole);
      assert.equal(events.at(-1).type, "response.completed");
      assert.equal((await client.responses.retrieve(id)).output_text, whole);
    },
  },
  {},
);
