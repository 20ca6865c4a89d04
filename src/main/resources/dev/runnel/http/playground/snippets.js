// A request as a program. Every program reads the key from RUNNEL_KEY, so that no key is copied with it.

const SHELL = (url, body) => `curl -N ${url}/v1/generate/stream \\
  -H "Authorization: Bearer $RUNNEL_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '${JSON.stringify(body, null, 2).replaceAll("'", "'\\''")}'
`;

const JAVASCRIPT = (url, body) => `const response = await fetch('${url}/v1/generate/stream', {
  method: 'POST',
  headers: {
    Authorization: \`Bearer \${process.env.RUNNEL_KEY}\`,
    'Content-Type': 'application/json',
  },
  body: JSON.stringify(${indented(JSON.stringify(body, null, 2), '  ')}),
});
if (!response.ok) throw new Error(await response.text());
let rest = '';
let isComplete = false;
for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + part).split('\\n');
  rest = lines.pop();
  for (const line of lines) {
    if (line.startsWith('data: {')) {
      const event = JSON.parse(line.slice(6));
      if (event.error) throw new Error(event.error.message);
      process.stdout.write(event.delta);
    }
    isComplete ||= line === 'data: [DONE]';
  }
}
if (!isComplete) throw new Error('the stream was cut');
`;

const PYTHON = (url, body) => `import json
import os
import requests

response = requests.post(
    "${url}/v1/generate/stream",
    headers={"Authorization": "Bearer " + os.environ["RUNNEL_KEY"]},
    json=${indented(python(body, ''), '    ')},
    stream=True,
)
if not response.ok:
    raise RuntimeError(response.text)
for line in response.iter_lines():
    if line == b"data: [DONE]":
        break
    if line.startswith(b"data: {"):
        event = json.loads(line[6:])
        if "error" in event:
            raise RuntimeError(event["error"]["message"])
        print(event["delta"], end="", flush=True)
else:
    raise RuntimeError("the stream was cut")
`;

const JAVA = (url, body) => `import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

class Generate {
    public static void main(String[] arguments) throws Exception {
        String body = ${JSON.stringify(JSON.stringify(body))};
        HttpRequest request = HttpRequest.newBuilder(URI.create("${url}/v1/generate/stream"))
                .header("Authorization", "Bearer " + System.getenv("RUNNEL_KEY"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        // Each line with "data: " is an event in JSON; "delta" is the new text.
        HttpClient.newHttpClient().send(request, BodyHandlers.ofLines()).body().forEach(System.out::println);
    }
}
`;

const OPENAI = (url, body, defaultModel) => `import os
from openai import OpenAI

client = OpenAI(base_url="${url}/v1", api_key=os.environ["RUNNEL_KEY"])
chunks = client.chat.completions.create(
${openAiArguments(body, defaultModel)}
    stream=True,
)
finish_reason = None
for chunk in chunks:
    for choice in chunk.choices:
        print(choice.delta.content or "", end="", flush=True)
        finish_reason = choice.finish_reason
if finish_reason is None:
    raise RuntimeError("the stream was cut")
`;

/** Name, and the program for the address of the service, the body of a request, and the name of the default model. */
export const LANGUAGES = [
  { name: 'curl', program: SHELL },
  { name: 'JavaScript', program: JAVASCRIPT },
  { name: 'Python', program: PYTHON },
  { name: 'Java', program: JAVA },
  { name: 'OpenAI SDK (Python)', program: OPENAI },
];

/** The parameters whose names differ in the SDK. */
const OPENAI_NAMES = {
  maxTokens: 'max_completion_tokens',
  topP: 'top_p',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
};

/** The SDK knows no `topK`, which goes into the body as it is, and no `includeText`. */
function openAiArguments({ model, topK, includeText, ...body }, defaultModel) {
  const lines = Object.entries({ model: model ?? defaultModel, ...body })
    .map(([name, value]) => `${OPENAI_NAMES[name] ?? name}=${python(value, '    ')}`);
  if (topK !== undefined) {
    lines.push(`extra_body={"top_k": ${topK}}`);
  }
  return lines.map((line) => `    ${line},`).join('\n');
}

function indented(text, by) {
  return text.replaceAll('\n', `\n${by}`);
}

/** JSON strings and numbers are valid in Python; `true`, `false` and the layout are not. */
function python(value, indent) {
  const inner = `${indent}    `;
  if (typeof value === 'boolean') {
    return value ? 'True' : 'False';
  }
  if (value === null || typeof value !== 'object') {
    return JSON.stringify(value);
  }
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((each) => inner + python(each, inner))
    : Object.entries(value).map(([name, each]) => `${inner}${JSON.stringify(name)}: ${python(each, inner)}`);
  return `${isList ? '[' : '{'}\n${parts.join(',\n')}\n${indent}${isList ? ']' : '}'}`;
}
