"""The client library openai for Python against a running service. See points.py."""

import json
import time
from importlib.metadata import version
from typing import Literal

import openai
from openai import OpenAI
from pydantic import BaseModel

import points
from points import CUT_URL, ENDLESS, KEY, SENTENCE, TIGHT_KEY, URL, WEATHER, raises

client = OpenAI(base_url=URL, api_key=KEY, max_retries=0, timeout=60)
TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}


class Colour(BaseModel):
    name: Literal["red", "green"]
    dark: bool


def user(text):
    return [{"role": "user", "content": text}]


def refused(kind, **request):
    return raises(kind, lambda: client.chat.completions.create(**request))


def models():
    listed = client.models.list().data
    assert [model.id for model in listed][:4] == ["echo", "small", "slow", "failing"], listed
    one = client.models.retrieve("slow")
    assert (one.id, one.object, one.owned_by) == ("slow", "model", "runnel"), one
    assert one.created == listed[0].created


def whole():
    answer = client.chat.completions.create(model="echo", messages=user(SENTENCE))
    choice = answer.choices[0]
    assert choice.message.content == SENTENCE, answer
    assert (choice.message.role, choice.finish_reason) == ("assistant", "stop"), answer
    assert answer.id.startswith("gen_") and answer.object == "chat.completion"
    assert answer.model == "echo" and abs(answer.created - time.time()) < 600
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def streamed():
    chunks = list(client.chat.completions.create(model="echo", messages=user("a b\nc"), stream=True))
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "a b\nc"
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices[0].finish_reason] == ["stop"]
    assert all(chunk.usage is None for chunk in chunks)
    assert len({chunk.id for chunk in chunks}) == 1


def usage():
    chunks = list(
        client.chat.completions.create(
            model="echo", messages=user("a b"), stream=True, stream_options={"include_usage": True}
        )
    )
    assert chunks[-1].choices == [] and chunks[-1].usage.total_tokens > 0
    assert all(chunk.usage is None for chunk in chunks[:-1])


def stop():
    answer = client.chat.completions.create(model="echo", messages=user("one two three"), stop=" three")
    assert answer.choices[0].message.content == "one two", answer
    short = client.chat.completions.create(model="echo", messages=user("one two three"), max_tokens=1)
    assert short.choices[0].finish_reason == "length", short


def conversation():
    parts = [{"type": "text", "text": "the "}, {"type": "text", "text": "end"}]
    messages = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": "hello"},
        {"role": "user", "content": parts},
    ]
    answer = client.chat.completions.create(model="echo", messages=messages, user="u", seed=-1, top_p=0, n=1)
    assert answer.choices[0].message.content == "the end", answer


def tools():
    completions = client.chat.completions
    request = {"model": "caller", "messages": user("How warm is it in Oslo?"), "tools": [TOOL]}
    with completions.stream(**request) as stream:
        streamed = stream.get_final_completion()
    for answer in (completions.create(**request), streamed):
        assert answer.choices[0].finish_reason == "tool_calls", answer
        message = answer.choices[0].message
        call = message.tool_calls[0]
        assert (call.function.name, json.loads(call.function.arguments)) == ("weather", {"city": "Oslo"}), call
        result = {"role": "tool", "tool_call_id": call.id, "content": "21"}
        again = {**request, "messages": request["messages"] + [message, result]}
        assert completions.create(**again).choices[0].message.content == WEATHER


def schema():
    request = {"model": "tiny", "messages": user("A colour, please."), "response_format": Colour}
    parsed = client.chat.completions.parse(**request).choices[0].message.parsed
    assert isinstance(parsed, Colour), parsed
    with client.chat.completions.stream(**request) as stream:
        assert isinstance(stream.get_final_completion().choices[0].message.parsed, Colour)


def unauthorized():
    stranger = OpenAI(base_url=URL, api_key="wrong", max_retries=0)
    for streamed in (True, False):
        error = raises(
            openai.AuthenticationError,
            lambda: stranger.chat.completions.create(model="echo", messages=user("x"), stream=streamed),
        )
        assert error.code == "invalid_api_key", error


def unknown_model():
    error = refused(openai.NotFoundError, model="gpt-4o", messages=user("x"))
    assert (error.code, error.param, error.type) == ("model_not_found", "model", "not_found_error"), error
    missing = raises(openai.NotFoundError, lambda: client.models.retrieve("gpt-4o"))
    assert missing.code == "model_not_found", missing


def too_long():
    error = refused(openai.BadRequestError, model="small", messages=user("word " * 9), stream=True)
    assert (error.code, error.param) == ("context_length_exceeded", "messages"), error
    assert "this model's maximum context length is 8 tokens" in error.message, error
    error = refused(openai.BadRequestError, model="echo", messages=user("x"), n=2)
    assert (error.code, error.param) == ("unsupported_value", "n"), error


def upstream_fails():
    for model in ("broken", "failing"):
        text = ""
        try:
            for chunk in client.chat.completions.create(model=model, messages=user("x"), stream=True):
                text += chunk.choices[0].delta.content or ""
        except openai.APIError as error:
            assert error.code == "upstream_failed", error
        else:
            raise AssertionError("no error")
        assert text.startswith("one two"), text
        refused(openai.InternalServerError, model=model, messages=user("x"))


def cut():
    text = ""
    cutting = OpenAI(base_url=CUT_URL, api_key=KEY, max_retries=0)
    try:
        for chunk in cutting.chat.completions.create(model="ticks", messages=user("x"), stream=True):
            text += chunk.choices[0].delta.content or ""
    except Exception:
        assert "tick" in text, text
    else:
        raise AssertionError("no error")


def abort():
    first = client.chat.completions.create(model=ENDLESS, messages=user("x"), stream=True, max_tokens=4096)
    next(iter(first))
    refused(openai.InternalServerError, model=ENDLESS, messages=user("x"), max_tokens=1)
    points.frees_the_engine(first.close)
    answer = client.chat.completions.create(model=ENDLESS, messages=user("x"), max_tokens=1)
    assert answer.choices[0].finish_reason == "length", answer


def rate_limited():
    assert 1 <= points.use_up_the_requests() <= 2
    impatient = OpenAI(base_url=URL, api_key=TIGHT_KEY, max_retries=0)
    request = {"model": "echo", "messages": user("x")}
    refusal = raises(openai.RateLimitError, lambda: impatient.chat.completions.create(**request))
    assert refusal.code == "rate_limit_exceeded", refusal
    wait = int(refusal.response.headers["retry-after"])
    assert 1 <= wait <= 2 and "try again in {} s".format(wait) in refusal.message, refusal


def retry_after():
    """The library waits as long as the answer says: it tries again once only."""
    assert points.use_up_the_requests() >= 1
    patient = OpenAI(base_url=URL, api_key=TIGHT_KEY, max_retries=1)
    answer = patient.chat.completions.create(model="echo", messages=user("x"))
    assert answer.choices[0].message.content == "x", answer


def responses():
    answer = client.responses.create(model="echo", input="a \"b\" 😀", instructions="Be kind.", metadata={"k": "v"})
    assert answer.output_text == "a \"b\" 😀" and answer.status == "completed", answer
    assert answer.id.startswith("gen_") and answer.object == "response" and answer.model == "echo", answer
    assert answer.instructions == "Be kind." and answer.metadata == {"k": "v"}, answer
    assert answer.usage.total_tokens == answer.usage.input_tokens + answer.usage.output_tokens, answer
    short = client.responses.create(model="echo", input="one two three", max_output_tokens=1)
    assert (short.status, short.incomplete_details.reason) == ("incomplete", "max_output_tokens"), short
    items = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [{"type": "input_text", "text": "the "}, {"type": "input_text", "text": "end"}]},
    ]
    assert client.responses.create(model="echo", input=items).output_text == "the end"
    error = raises(openai.BadRequestError, lambda: client.responses.create(model="echo", input="x", store=True))
    assert (error.code, error.param) == ("unsupported_value", "store"), error
    failing = client.responses.create(model="failing", input="x", stream=True)
    last = list(failing)[-1]
    assert (last.type, last.response.error.code) == ("response.failed", "upstream_failed"), last


def responses_streamed():
    events = list(client.responses.create(model="echo", input="a b\nc", stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events))), events
    assert events[0].type == "response.created" and events[-1].type == "response.completed", events
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == "a b\nc"
    assert events[-1].response.output_text == "a b\nc"
    with client.responses.stream(model="echo", input="a b\nc") as stream:
        assert stream.get_final_response().output_text == "a b\nc"


def response_resumed():
    stream = client.responses.create(model="slow", input="x", background=True, stream=True)
    events = []
    for event in stream:
        events.append(event)
        if event.sequence_number >= 6:
            break
    stream.close()
    response = events[0].response.id
    assert client.responses.retrieve(response).status == "in_progress"
    events += client.responses.retrieve(response, stream=True, starting_after=events[-1].sequence_number)
    numbers = [event.sequence_number for event in events]
    assert numbers == sorted(set(numbers)), numbers
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert text == "one two three four five six seven eight nine ten", text
    assert events[-1].type == "response.completed" and events[-1].response.output_text == text
    whole = client.responses.retrieve(response)
    assert (whole.status, whole.output_text, whole.background) == ("completed", text, True), whole
    again = list(client.responses.retrieve(response, stream=True))
    assert again[-1] == events[-1]
    client.responses.delete(response)
    raises(openai.NotFoundError, lambda: client.responses.retrieve(response))
    response_cancelled()
    response_continued()


def response_cancelled():
    running = client.responses.create(model=ENDLESS, input="x", background=True, max_output_tokens=4096)
    assert running.status in ("queued", "in_progress"), running
    cancelled = client.responses.cancel(running.id)
    assert cancelled.status == "cancelled", cancelled
    # The engine has one place and no queue, and the answer would last an hour.
    patient = OpenAI(base_url=URL, api_key=KEY, max_retries=5)
    answer = patient.responses.create(model=ENDLESS, input="x", max_output_tokens=1)
    assert answer.status == "incomplete", answer
    assert client.responses.retrieve(running.id).status == "cancelled"


def response_continued():
    first = client.responses.create(model="echo", input="one", background=True)
    while client.responses.retrieve(first.id).status in ("queued", "in_progress"):
        time.sleep(0.05)
    second = client.responses.create(model="echo", input="two", previous_response_id=first.id)
    assert second.output_text == "two" and second.previous_response_id == first.id, second
    assert second.usage.input_tokens > client.responses.retrieve(first.id).usage.input_tokens, second


points.run(version("openai"), globals(), {})
