"""LangChain's client, langchain-openai, against a running service. See points.py."""

from importlib.metadata import version
from typing import Literal

import openai
from langchain_core.exceptions import ContextOverflowError
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

import points
from points import CUT_URL, ENDLESS, KEY, SENTENCE, TIGHT_KEY, URL, WEATHER, raises


class Colour(BaseModel):
    """A colour."""

    name: Literal["red", "green"]
    dark: bool


@tool
def weather(city: str) -> str:
    """The weather in a city."""
    return "21"


def chat(model="echo", **settings):
    return ChatOpenAI(**{"model": model, "base_url": URL, "api_key": KEY, "max_retries": 0, "timeout": 60} | settings)


def whole():
    answer = chat().invoke(SENTENCE)
    assert answer.content == SENTENCE, answer
    assert answer.response_metadata["finish_reason"] == "stop", answer
    assert answer.response_metadata["id"].startswith("gen_"), answer


def streamed():
    chunks = list(chat().stream(SENTENCE))
    assert "".join(chunk.content for chunk in chunks) == SENTENCE, chunks
    assert len([chunk for chunk in chunks if chunk.content]) > 1, chunks
    assert [c.response_metadata["finish_reason"] for c in chunks if c.response_metadata.get("finish_reason")] == [
        "stop"
    ], chunks


def usage():
    for total in (chat().invoke("a b"), sum_of(chat(stream_usage=True).stream("a b"))):
        counted = total.usage_metadata
        assert counted["output_tokens"] > 0 and counted["input_tokens"] > 0, total
        assert counted["total_tokens"] == counted["input_tokens"] + counted["output_tokens"], total


def sum_of(chunks):
    total = None
    for chunk in chunks:
        total = chunk if total is None else total + chunk
    return total


def stop():
    assert chat().invoke("one two three", stop=[" three"]).content == "one two"
    short = chat(max_tokens=1).invoke("one two three")
    assert short.response_metadata["finish_reason"] == "length", short


def conversation():
    messages = [
        SystemMessage("Be brief."),
        HumanMessage("hi"),
        AIMessage("hello"),
        HumanMessage([{"type": "text", "text": "the "}, {"type": "text", "text": "end"}]),
    ]
    assert chat().invoke(messages).content == "the end"


def tools():
    able = chat("caller").bind_tools([weather])
    question = HumanMessage("How warm is it in Oslo?")
    for call in (able.invoke([question]), sum_of(able.stream([question]))):
        assert [(c["name"], c["args"]) for c in call.tool_calls] == [("weather", {"city": "Oslo"})], call
        result = weather.invoke(call.tool_calls[0])
        assert isinstance(result, ToolMessage), result
        assert able.invoke([question, call, result]).content == WEATHER


def schema():
    answer = chat("tiny").with_structured_output(Colour, method="json_schema", strict=True).invoke("A colour, please.")
    assert isinstance(answer, Colour), answer


def unauthorized():
    stranger = chat(api_key="wrong")
    assert raises(openai.AuthenticationError, lambda: stranger.invoke("x")).code == "invalid_api_key"
    raises(openai.AuthenticationError, lambda: list(stranger.stream("x")))


def unknown_model():
    assert raises(openai.NotFoundError, lambda: chat("gpt-4o").invoke("x")).code == "model_not_found"


def too_long():
    raises(ContextOverflowError, lambda: chat("small").invoke("word " * 9))
    raises(ContextOverflowError, lambda: list(chat("small").stream("word " * 9)))


def rate_limited():
    assert points.use_up_the_requests() >= 1
    raises(openai.RateLimitError, lambda: chat(api_key=TIGHT_KEY).invoke("x"))


def retry_after():
    assert points.use_up_the_requests() >= 1
    assert chat(api_key=TIGHT_KEY, max_retries=1).invoke("x").content == "x"


def upstream_fails():
    error = raises(openai.APIError, lambda: list(chat("broken").stream("x")))
    assert error.code == "upstream_failed", error
    raises(openai.InternalServerError, lambda: chat("broken").invoke("x"))


def cut():
    chunks = []
    raises(Exception, lambda: chunks.extend(chat("ticks", base_url=CUT_URL).stream("x")))


def abort():
    stream = chat(ENDLESS).stream("x")
    next(stream)
    points.frees_the_engine(stream.close)


def responses():
    answer = chat(use_responses_api=True).invoke(SENTENCE)
    assert answer.text == SENTENCE, answer
    assert answer.usage_metadata["output_tokens"] > 0, answer


def responses_streamed():
    total = sum_of(chat(use_responses_api=True).stream(SENTENCE))
    assert total.text == SENTENCE, total


points.run(
    version("langchain-openai"),
    globals(),
    {
        "models": "it has no list of models",
        "response_resumed": "it does not continue a background response",
    },
)
