"""Streams texts with httpx (PyPI) and asyncio, and prints them as they arrive. Ctrl-C cancels.

usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… [RUNNEL_MODEL=…] python3 stream_httpx.py PROMPT…
"""

import asyncio
import json
import os
import sys

import httpx


async def generate(client, prompt, on_delta):
    """Returns why the text ended, such as "stop" or "length".

    Waits and tries again if the service asks for that: 429 or 503 with Retry-After.
    """
    body = {"model": os.environ.get("RUNNEL_MODEL"), "prompt": prompt, "maxTokens": 500}
    for attempt in range(1, 6):
        # At its end the block closes the connection, which cancels a generation that still runs.
        async with client.stream("POST", "/v1/generate/stream", json=body) as response:
            if response.is_success:
                return await read(response, on_delta)
            await response.aread()
        seconds = response.headers.get("Retry-After", "")
        if not seconds.isdigit() or attempt == 5:
            raise RuntimeError(f"HTTP {response.status_code}: {response.text}")
        await asyncio.sleep(int(seconds))


async def read(response, on_delta):
    reason = None
    async for line in response.aiter_lines():
        if not line.startswith("data: "):
            continue
        if line == "data: [DONE]":
            return reason
        event = json.loads(line[len("data: "):])
        if "error" in event:
            raise RuntimeError("{type}: {message}".format(**event["error"]))
        on_delta(event["delta"])
        reason = event.get("finishReason")
    raise RuntimeError("the stream was cut")


async def main():
    headers = {"Authorization": "Bearer " + os.environ["RUNNEL_KEY"]}
    # A silent stream has a line every 15 s. The default of httpx, 5 s, is too short.
    async with httpx.AsyncClient(base_url=os.environ["RUNNEL_URL"], headers=headers, timeout=60) as client:
        for prompt in sys.argv[1:]:
            reason = await generate(client, prompt, lambda delta: print(delta, end="", flush=True))
            print(flush=True)
            print("finishReason:", reason, file=sys.stderr)


try:
    asyncio.run(main())
except KeyboardInterrupt:
    sys.exit("cancelled")
except (RuntimeError, httpx.HTTPError) as problem:
    sys.exit(str(problem))
