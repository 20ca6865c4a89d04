"""LiteLLM as a client against a running service. See points.py."""

import os

# Otherwise the import asks the network for prices.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import json
from importlib.metadata import version
from typing import Literal

import litellm
from pydantic import BaseModel

import points
from points import CUT_URL, ENDLESS, KEY, SENTENCE, TIGHT_KEY, URL, WEATHER, raises

litellm.suppress_debug_info = True

WEATHER_TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


class Colour(BaseModel):
    name: Literal["red", "green"]
    dark: bool


def chat(content, model="echo", **members):
    settings = {"api_base": URL, "api_key": KEY, "max_retries": 0, "timeout": 60}
    messages = [{"role": "user", "content": content}] if isinstance(content, str) else content
    return litellm.completion(**{"model": "openai/" + model, "messages": messages} | settings | members)


def text(chunks):
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def models():
    listed = litellm.get_valid_models(
        check_provider_endpoint=True, custom_llm_provider="openai", api_key=KEY, api_base=os.environ["RUNNEL_URL"]
    )
    assert "openai/echo" in listed or "echo" in listed, listed


def whole():
    answer = chat(SENTENCE)
    assert answer.choices[0].message.content == SENTENCE, answer
    assert answer.choices[0].finish_reason == "stop" and answer.id.startswith("gen_"), answer


def streamed():
    chunks = list(chat(SENTENCE, stream=True))
    assert text(chunks) == SENTENCE, chunks
    assert len(chunks) > 2 and chunks[-1].choices[0].finish_reason == "stop", chunks


def usage():
    whole = chat("a b").usage
    assert whole.total_tokens == whole.prompt_tokens + whole.completion_tokens, whole
    streamed = list(chat("a b", stream=True, stream_options={"include_usage": True}))[-1].usage
    assert streamed.total_tokens == whole.total_tokens, (streamed, whole)


def stop():
    assert chat("one two three", stop=[" three"]).choices[0].message.content == "one two"
    assert chat("one two three", max_tokens=1).choices[0].finish_reason == "length"


def conversation():
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": "hello"},
        {"role": "user", "content": [{"type": "text", "text": "the "}, {"type": "text", "text": "end"}]},
    ]
    assert chat(messages).choices[0].message.content == "the end"


def tools():
    question = {"role": "user", "content": "How warm is it in Oslo?"}
    streamed = litellm.stream_chunk_builder(list(chat([question], "caller", tools=[WEATHER_TOOL], stream=True)))
    for answer in (chat([question], "caller", tools=[WEATHER_TOOL]), streamed):
        assert answer.choices[0].finish_reason == "tool_calls", answer
        call = answer.choices[0].message.tool_calls[0]
        assert (call.function.name, json.loads(call.function.arguments)) == ("weather", {"city": "Oslo"}), call
        result = {"role": "tool", "tool_call_id": call.id, "content": "21"}
        last = chat([question, answer.choices[0].message, result], "caller", tools=[WEATHER_TOOL])
        assert last.choices[0].message.content == WEATHER, last


def schema():
    answer = chat("A colour, please.", "tiny", response_format=Colour)
    Colour.model_validate_json(answer.choices[0].message.content)


def unauthorized():
    raises(litellm.AuthenticationError, lambda: chat("x", api_key="wrong"))
    raises(litellm.AuthenticationError, lambda: list(chat("x", api_key="wrong", stream=True)))


def unknown_model():
    raises(litellm.NotFoundError, lambda: chat("x", "gpt-4o"))


def too_long():
    raises(litellm.ContextWindowExceededError, lambda: chat("word " * 9, "small"))
    raises(litellm.ContextWindowExceededError, lambda: list(chat("word " * 9, "small", stream=True)))


def rate_limited():
    assert points.use_up_the_requests() >= 1
    raises(litellm.RateLimitError, lambda: chat("x", api_key=TIGHT_KEY))


def retry_after():
    assert points.use_up_the_requests() >= 1
    assert chat("x", api_key=TIGHT_KEY, max_retries=1).choices[0].message.content == "x"


def upstream_fails():
    raises(litellm.exceptions.MidStreamFallbackError, lambda: list(chat("x", "broken", stream=True)))
    raises(Exception, lambda: chat("x", "broken"))


def cut():
    raises(Exception, lambda: list(chat("x", "ticks", stream=True, api_base=CUT_URL)))


def abort():
    stream = chat("x", ENDLESS, stream=True)
    next(iter(stream))
    points.frees_the_engine(lambda: stream.completion_stream.close())


def responses():
    answer = litellm.responses(model="openai/echo", input=SENTENCE, api_base=URL, api_key=KEY)
    assert answer.output[0].content[0].text == SENTENCE, answer


def responses_streamed():
    events = list(litellm.responses(model="openai/echo", input=SENTENCE, api_base=URL, api_key=KEY, stream=True))
    assert "".join(e.delta for e in events if e.type == "response.output_text.delta") == SENTENCE, events
    assert events[-1].type == "response.completed", events


points.run(
    version("litellm"), globals(), {"response_resumed": "it does not continue the stream of a background response"}
)
