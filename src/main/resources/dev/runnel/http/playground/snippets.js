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
let rest = '';
for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + part).split('\\n');
  rest = lines.pop();
  for (const line of lines) {
    if (line.startsWith('data: {')) {
      const event = JSON.parse(line.slice(6));
      if (event.error) throw new Error(event.error.message);
      process.stdout.write(event.delta);
    }
  }
}
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
for line in response.iter_lines():
    if line.startswith(b"data: {"):
        event = json.loads(line[6:])
        if "error" in event:
            raise RuntimeError(event["error"]["message"])
        print(event["delta"], end="", flush=True)
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

/** Name, and the program for the address of the service and the body of a request. */
export const LANGUAGES = [
  { name: 'curl', program: SHELL },
  { name: 'JavaScript', program: JAVASCRIPT },
  { name: 'Python', program: PYTHON },
  { name: 'Java', program: JAVA },
];

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
