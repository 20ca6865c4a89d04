"""Makes schemathesis check each event of a stream.

It reads the schema of text/event-stream as that of one event, {"event", "data", "id"}. The description of the API has
the schema of an event's data in x-events.
"""

import schemathesis


def add_events(node):
    if isinstance(node, list):
        for item in node:
            add_events(item)
    elif isinstance(node, dict):
        if "x-events" in node:
            data = {"type": "string", "contentMediaType": "application/json", "contentSchema": node["x-events"]}
            node["schema"] = {
                "type": "object",
                "properties": {"data": {"anyOf": [{"const": "[DONE]"}, data]}},
                "required": ["data"],
            }
        for item in node.values():
            add_events(item)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    add_events(raw_schema)
