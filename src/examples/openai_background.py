"""Streams a background response with the client library openai (PyPI), and continues after each lost connection.

usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… python3 openai_background.py MESSAGE
"""

import os
import sys

from openai import APIConnectionError, OpenAI

client = OpenAI(base_url=os.environ["RUNNEL_URL"] + "/v1", api_key=os.environ["RUNNEL_KEY"])
ENDS = ("response.completed", "response.incomplete", "response.failed")

events = client.responses.create(input=sys.argv[1], background=True, stream=True)
response_id, last = None, None
ended = False
while not ended:
    try:
        for event in events:
            last = event.sequence_number
            if event.type == "response.created":
                response_id = event.response.id
            elif event.type == "response.output_text.delta":
                sys.stdout.buffer.write(event.delta.encode())
                sys.stdout.buffer.flush()
            ended = ended or event.type in ENDS
    except APIConnectionError:
        pass
    if not ended:
        events = client.responses.retrieve(response_id, stream=True, starting_after=last)
