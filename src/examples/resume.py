"""Prints the text of one generation, also if connections break on the way.

usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… [RUNNEL_MODEL=…] python3 resume.py PROMPT
"""

import json, os, sys, time, uuid
import requests

URL = os.environ["RUNNEL_URL"] + "/v1/generate/stream"
HEADERS = {"Authorization": "Bearer " + os.environ["RUNNEL_KEY"], "Idempotency-Key": str(uuid.uuid4())}
BODY = {"model": os.environ.get("RUNNEL_MODEL"), "prompt": sys.argv[1], "maxTokens": 1000}


def events(cursor):
    """Requests the text after a cursor. Yields the events up to [DONE], each with the cursor after it."""
    headers = {**HEADERS, "Last-Event-ID": cursor} if cursor else HEADERS
    response = requests.post(URL, headers=headers, json=BODY, stream=True, timeout=60)
    for line in response.iter_lines():
        field, _, value = line.decode().partition(": ")
        if field == "id":
            cursor = value
        elif value == "[DONE]":
            return
        elif field == "data":
            yield json.loads(value), cursor, response.headers.get("Retry-After")
    raise requests.ConnectionError("the stream ended without [DONE]")


text = cursor = ""
for attempt in range(1, 21):
    try:
        for event, cursor, retry_after in events(cursor):
            if "error" not in event:
                text += event["delta"]
            elif event["error"].get("code") == "diverged":
                text = cursor = ""  # the text is not kept any more: start again
            elif retry_after:
                time.sleep(int(retry_after))
            else:
                raise RuntimeError("{type}: {message}".format(**event["error"]))
        break
    except requests.RequestException:
        if attempt == 20:
            raise
        time.sleep(min(0.05 * 2**attempt, 2))  # then the same request goes on after the cursor
sys.stdout.buffer.write("{}\n{}\n".format(len(text), text).encode())
