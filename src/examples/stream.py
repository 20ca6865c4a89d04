"""Streams texts with requests (PyPI) and prints them as they arrive. Ctrl-C cancels.

usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… [RUNNEL_MODEL=…] python3 stream.py PROMPT…
"""

import json
import os
import sys
import time

import requests


def post(prompt):
    """Waits and tries again if the service asks for that: 429 or 503 with Retry-After."""
    for attempt in range(1, 6):
        response = requests.post(
            os.environ["RUNNEL_URL"] + "/v1/generate/stream",
            headers={"Authorization": "Bearer " + os.environ["RUNNEL_KEY"]},
            json={"model": os.environ.get("RUNNEL_MODEL"), "prompt": prompt, "maxTokens": 500},
            stream=True,
            timeout=60,
        )
        if response.ok:
            return response
        seconds = response.headers.get("Retry-After", "")
        if not seconds.isdigit() or attempt == 5:
            raise RuntimeError(f"HTTP {response.status_code}: {response.text}")
        response.close()
        time.sleep(int(seconds))


def generate(prompt, on_delta):
    """Returns why the text ended, such as "stop" or "length"."""
    reason = None
    with post(prompt) as response:  # closes the connection at the end, which cancels a generation that still runs
        for line in response.iter_lines():
            if not line.startswith(b"data: "):
                continue
            if line == b"data: [DONE]":
                return reason
            event = json.loads(line[len(b"data: "):])
            if "error" in event:
                raise RuntimeError("{type}: {message}".format(**event["error"]))
            on_delta(event["delta"])
            reason = event.get("finishReason")
    raise RuntimeError("the stream was cut")


try:
    for argument in sys.argv[1:]:
        finish_reason = generate(argument, lambda delta: print(delta, end="", flush=True))
        print(flush=True)
        print("finishReason:", finish_reason, file=sys.stderr)
except KeyboardInterrupt:
    sys.exit("cancelled")
except (RuntimeError, requests.RequestException) as problem:
    sys.exit(str(problem))
