"""Streams one generation with requests and prints its text, also if connections break on the way.

usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… python3 resume.py PROMPT
"""

import json
import os
import sys
import time
import uuid

import requests


class Reader:
    """The text so far, and the cursor after it."""

    def __init__(self, prompt):
        self.url = os.environ["RUNNEL_URL"] + "/v1/generate/stream"
        self.headers = {"Authorization": "Bearer " + os.environ["RUNNEL_KEY"], "Idempotency-Key": str(uuid.uuid4())}
        self.body = {"prompt": prompt, "maxTokens": 1000}
        self.text = ""
        self.cursor = "0"

    def read(self):
        """Reads one stream to its end, which is True, or to the place where it breaks."""
        headers = self.headers if self.cursor == "0" else {**self.headers, "Last-Event-ID": self.cursor}
        cursor = self.cursor
        response = requests.post(self.url, headers=headers, json=self.body, stream=True, timeout=60)
        for line in response.iter_lines():
            if line == b"data: [DONE]":
                return True
            if line.startswith(b"id: "):
                cursor = line[len(b"id: "):].decode()
            elif line.startswith(b"data: "):
                event = json.loads(line[len(b"data: "):])
                if "error" in event:
                    return self.failed(event["error"], response.headers.get("Retry-After"))
                self.text += event["delta"]
                self.cursor = cursor
        return False

    def failed(self, error, retry_after):
        if error.get("code") == "diverged":
            self.text, self.cursor = "", "0"  # it is not kept any more: start again
        elif retry_after:
            time.sleep(int(retry_after))
        else:
            raise RuntimeError("{type}: {message}".format(**error))
        return False


def generate(prompt):
    reader = Reader(prompt)
    for attempt in range(20):
        try:
            if reader.read():
                return reader.text
        except requests.RequestException:
            pass  # the connection broke: the same request goes on after the cursor
        time.sleep(min(0.05 * 2**attempt, 2))
    raise RuntimeError("the stream was cut too often")


text = generate(sys.argv[1])
sys.stdout.buffer.write("{}\n{}\n".format(len(text), text).encode())
