"""Streams a background response with the client library openai (PyPI), and continues after each lost connection.

usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… [RUNNEL_MODEL=…] python3 openai_background.py MESSAGE
"""

import os
import sys

from openai import APIConnectionError, OpenAI

client = OpenAI(base_url=os.environ["RUNNEL_URL"] + "/v1", api_key=os.environ["RUNNEL_KEY"])
model = os.environ.get("RUNNEL_MODEL") or client.models.list().data[0].id
ENDS = ("response.completed", "response.incomplete", "response.failed")

events = client.responses.create(model=model, input=sys.argv[1], background=True, stream=True)
response_id = last = end = None
while end is None:
    try:
        for event in events:
            last = event.sequence_number
            if event.type == "response.created":
                response_id = event.response.id
            elif event.type == "response.output_text.delta":
                print(event.delta, end="", flush=True)
            elif event.type in ENDS:
                end = event
    except APIConnectionError:
        pass  # the connection is lost
    if end is None:
        events = client.responses.retrieve(response_id, stream=True, starting_after=last)
if end.type != "response.completed":
    sys.exit(f"{end.type}: {end.response.error or end.response.incomplete_details}")
