"""One case of the client library openai against a running service; prints "ok".

usage: RUNNEL_URL=… RUNNEL_KEY=… python3 openai_client.py CASE
"""

import os
import sys
import time

import openai
from openai import OpenAI

URL = os.environ["RUNNEL_URL"] + "/v1"
KEY = os.environ["RUNNEL_KEY"]
client = OpenAI(base_url=URL, api_key=KEY, max_retries=0, timeout=60)


def user(text):
    return [{"role": "user", "content": text}]


def refused(kind, **request):
    try:
        client.chat.completions.create(**request)
    except kind as error:
        return error
    raise AssertionError("not refused")


def models():
    listed = client.models.list().data
    assert [model.id for model in listed] == ["echo", "endless", "small", "failing"], listed
    one = client.models.retrieve("endless")
    assert (one.id, one.object, one.owned_by) == ("endless", "model", "runnel"), one
    assert one.created == listed[0].created


def whole():
    answer = client.chat.completions.create(model="echo", messages=user("a \"b\" 😀"))
    choice = answer.choices[0]
    assert choice.message.content == "a \"b\" 😀", answer
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


def unauthorized():
    stranger = OpenAI(base_url=URL, api_key="wrong", max_retries=0)
    try:
        stranger.chat.completions.create(model="echo", messages=user("x"), stream=True)
    except openai.AuthenticationError as error:
        assert error.code == "invalid_api_key", error
    else:
        raise AssertionError("not refused")


def unknown_model():
    error = refused(openai.NotFoundError, model="gpt-4o", messages=user("x"))
    assert (error.code, error.param, error.type) == ("model_not_found", "model", "not_found_error"), error
    try:
        client.models.retrieve("gpt-4o")
    except openai.NotFoundError as missing:
        assert missing.code == "model_not_found", missing
    else:
        raise AssertionError("not refused")


def too_long():
    error = refused(openai.BadRequestError, model="small", messages=user("word " * 9), stream=True)
    assert (error.code, error.param) == ("context_length_exceeded", "messages"), error
    assert "this model's maximum context length is 8 tokens" in error.message, error


def unsupported():
    error = refused(openai.BadRequestError, model="echo", messages=user("x"), n=2)
    assert (error.code, error.param) == ("unsupported_value", "n"), error


def fails_in_the_stream():
    text = ""
    try:
        for chunk in client.chat.completions.create(model="failing", messages=user("x"), stream=True):
            text += chunk.choices[0].delta.content or ""
    except openai.APIError as error:
        assert error.code == "upstream_failed", error
    else:
        raise AssertionError("no error")
    assert text == "one two", text
    refused(openai.InternalServerError, model="failing", messages=user("x"))


def abort_frees_the_engine():
    first = client.chat.completions.create(model="endless", messages=user("x"), stream=True, max_tokens=4096)
    next(iter(first))
    refused(openai.InternalServerError, model="endless", messages=user("x"), max_tokens=1)
    first.close()
    start = time.monotonic()
    # The engine has one place and no queue, and the answer would last 20 s.
    patient = OpenAI(base_url=URL, api_key=KEY, max_retries=5)
    answer = patient.chat.completions.create(model="endless", messages=user("x"), max_tokens=1)
    assert answer.choices[0].finish_reason == "length", answer
    assert time.monotonic() - start < 12, "the engine was not free"


def waits():
    """30 requests a minute: the 31st has to wait 2 s, and the library does."""
    impatient = OpenAI(base_url=URL, api_key=KEY, max_retries=0)
    refusal = None
    for _ in range(31):
        try:
            impatient.chat.completions.create(model="echo", messages=user("x"))
        except openai.RateLimitError as error:
            refusal = error
            break
    assert refusal is not None and refusal.code == "rate_limit_exceeded", refusal
    wait = int(refusal.response.headers["retry-after"])
    assert 1 <= wait <= 2 and "try again in {} s".format(wait) in refusal.message, refusal
    patient = OpenAI(base_url=URL, api_key=KEY, max_retries=1)
    assert patient.chat.completions.create(model="echo", messages=user("x")).choices[0].message.content == "x"


globals()[sys.argv[1]]()
print("ok")
