"""Streams the answer to one message with the client library openai (PyPI) and prints it as it arrives.

usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… [RUNNEL_MODEL=…] python3 openai_chat.py MESSAGE
"""

import os
import sys

from openai import OpenAI

# The library waits and tries again where a refusal has Retry-After, and raises an APIError for an error.
client = OpenAI(base_url=os.environ["RUNNEL_URL"] + "/v1", api_key=os.environ["RUNNEL_KEY"])
model = os.environ.get("RUNNEL_MODEL") or client.models.list().data[0].id
finish_reason = None
# At its end the block closes the connection, which cancels an answer that still runs.
with client.chat.completions.create(
    model=model, messages=[{"role": "user", "content": sys.argv[1]}], stream=True
) as chunks:
    for chunk in chunks:
        for choice in chunk.choices:
            print(choice.delta.content or "", end="", flush=True)
            finish_reason = choice.finish_reason
if finish_reason is None:
    sys.exit("the stream was cut")
