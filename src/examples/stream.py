"""Streams generations with requests and prints their texts, each after its length in code points.

usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… python3 stream.py PROMPT [TIMES]
"""

import json
import os
import sys

import requests


def generate(prompt):
    response = requests.post(
        os.environ["RUNNEL_URL"] + "/v1/generate/stream",
        headers={"Authorization": "Bearer " + os.environ["RUNNEL_KEY"]},
        json={"prompt": prompt, "maxTokens": 100},
        stream=True,
        timeout=60,
    )
    text = ""
    for line in response.iter_lines():
        if not line.startswith(b"data: "):
            continue
        if line == b"data: [DONE]":
            return text
        event = json.loads(line[len(b"data: "):])
        if "error" in event:
            raise RuntimeError("{type}: {message}".format(**event["error"]))
        text += event["delta"]
    raise RuntimeError("the stream was cut")


for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 1):
    text = generate(sys.argv[1])
    sys.stdout.buffer.write("{}\n{}\n".format(len(text), text).encode())
