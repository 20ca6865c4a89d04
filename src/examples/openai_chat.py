"""Streams the answer to one message with the client library openai (PyPI) and prints it.

usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… python3 openai_chat.py MESSAGE
"""

import os
import sys

from openai import OpenAI

client = OpenAI(base_url=os.environ["RUNNEL_URL"] + "/v1", api_key=os.environ["RUNNEL_KEY"])
chunks = client.chat.completions.create(
    model=client.models.list().data[0].id, messages=[{"role": "user", "content": sys.argv[1]}], stream=True
)
for chunk in chunks:
    for choice in chunk.choices:
        sys.stdout.buffer.write((choice.delta.content or "").encode())
        sys.stdout.buffer.flush()
