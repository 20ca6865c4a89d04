"""Streams texts with httpx and the library httpx-sse (PyPI), which splits a stream into its events. Prints the texts as
they arrive. Ctrl-C cancels.

usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… [RUNNEL_MODEL=…] python3 stream_httpx_sse.py PROMPT…
"""

import json
import os
import sys
import time

import httpx
from httpx_sse import connect_sse


def generate(client, prompt, on_delta):
    """Returns why the text ended, such as "stop" or "length".

    Waits and tries again if the service asks for that: 429 or 503 with Retry-After.
    """
    body = {"model": os.environ.get("RUNNEL_MODEL"), "prompt": prompt, "maxTokens": 500}
    for attempt in range(1, 6):
        # At its end the block closes the connection, which cancels a generation that still runs.
        with connect_sse(client, "POST", "/v1/generate/stream", json=body) as source:
            if source.response.is_success:
                return read(source, on_delta)
            source.response.read()
        seconds = source.response.headers.get("Retry-After", "")
        if not seconds.isdigit() or attempt == 5:
            raise RuntimeError(f"HTTP {source.response.status_code}: {source.response.text}")
        time.sleep(int(seconds))


def read(source, on_delta):
    reason = None
    for sse in source.iter_sse():
        if sse.data == "[DONE]":
            return reason
        event = json.loads(sse.data)
        if "error" in event:
            raise RuntimeError("{type}: {message}".format(**event["error"]))
        on_delta(event["delta"])
        reason = event.get("finishReason")
    raise RuntimeError("the stream was cut")


try:
    key = {"Authorization": "Bearer " + os.environ["RUNNEL_KEY"]}
    # A silent stream has a line every 15 s. The default of httpx, 5 s, is too short.
    with httpx.Client(base_url=os.environ["RUNNEL_URL"], headers=key, timeout=60) as http:
        for argument in sys.argv[1:]:
            finish_reason = generate(http, argument, lambda delta: print(delta, end="", flush=True))
            print(flush=True)
            print("finishReason:", finish_reason, file=sys.stderr)
except KeyboardInterrupt:
    sys.exit("cancelled")
except (RuntimeError, httpx.HTTPError) as problem:
    sys.exit(str(problem))
