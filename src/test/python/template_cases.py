"""Writes the cases of TemplateCasesTest with what Python's jinja2 makes of them.

    pip install jinja2
    python3 src/test/python/template_cases.py > src/test/resources/dev/runnel/engine/template/cases.json

The environment is the one that Hugging Face's transformers use for chat templates. The templates are written for these
tests, in the style of those of model files.
"""

import json
import sys
from datetime import datetime

from jinja2 import nodes
from jinja2.exceptions import TemplateError
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

NOW = datetime(2026, 3, 9, 14, 5, 6)


class Generation(Extension):
    """The tag around what an assistant says."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_same"), [], [], body).set_lineno(line)

    def _same(self, caller):
        return caller()


def environment():
    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    def raise_exception(message):
        raise TemplateError(message)

    made = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, "jinja2.ext.loopcontrols"]
    )
    made.filters["tojson"] = tojson
    made.globals["raise_exception"] = raise_exception
    made.globals["strftime_now"] = NOW.strftime
    return made


USER = {"role": "user", "content": "Hi"}
TALK = [
    {"role": "system", "content": "Be brief."},
    USER,
    {"role": "assistant", "content": "<think>\nhm\n</think>\n\nHello"},
    {"role": "user", "content": "  Why? é😀 \"q\" 'a' <b> & \\ \n"},
]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "weather",
            "description": "The weather in a \"city\" <now> é",
            "parameters": {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "its name"},
                    "days": {"type": "integer", "default": 1, "enum": [1, 2]},
                },
                "required": ["city"],
            },
        },
    }
]
CALLS = [
    USER,
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "a1", "type": "function", "function": {"name": "weather", "arguments": {"city": "Rome", "days": 2}}}
        ],
    },
    {"role": "tool", "tool_call_id": "a1", "content": "{\"sky\": \"clear\"}"},
]

CHATML = """{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>' + '\n' }}{% endfor %}
{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"""

THINKING = """{%- if tools %}
    {{- '<|turn|>system\n' }}
    {%- if messages[0].role == 'system' %}
        {{- messages[0].content + '\n\n' }}
    {%- endif %}
    {{- "You may call:\n<tools>" }}
    {%- for tool in tools %}
        {{- "\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\n</tools>\n" }}
{%- elif messages[0].role == 'system' %}
    {{- '<|turn|>system\n' + messages[0].content + '<|end|>\n' }}
{%- endif %}
{%- set ns = namespace(multi=true, last=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi and message.role == "user" and message.content is string and not(message.content.startswith('<result>') and message.content.endswith('</result>')) %}
        {%- set ns.multi = false %}
        {%- set ns.last = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}
        {%- set content = message.content %}
    {%- else %}
        {%- set content = '' %}
    {%- endif %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|turn|>' + message.role + '\n' + content + '<|end|>' + '\n' }}
    {%- elif message.role == "assistant" %}
        {%- set thought = '' %}
        {%- if message.thought is string %}
            {%- set thought = message.thought %}
        {%- elif '</think>' in content %}
            {%- set thought = content.split('</think>')[0].rstrip('\n').split('<think>')[-1].lstrip('\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last and (loop.last or thought) %}
            {{- '<|turn|>' + message.role + '\n<think>\n' + thought.strip('\n') + '\n</think>\n\n' + content.lstrip('\n') }}
        {%- else %}
            {{- '<|turn|>' + message.role + '\n' + content }}
        {%- endif %}
        {%- if message.tool_calls %}
            {%- for call in message.tool_calls %}
                {%- if (loop.first and content) or (not loop.first) %}
                    {{- '\n' }}
                {%- endif %}
                {%- if call.function %}
                    {%- set call = call.function %}
                {%- endif %}
                {{- '<call>\n{"name": "' }}
                {{- call.name }}
                {{- '", "arguments": ' }}
                {%- if call.arguments is string %}
                    {{- call.arguments }}
                {%- else %}
                    {{- call.arguments | tojson }}
                {%- endif %}
                {{- '}\n</call>' }}
            {%- endfor %}
        {%- endif %}
        {{- '<|end|>\n' }}
    {%- elif message.role == "tool" %}
        {%- if loop.first or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|turn|>user' }}
        {%- endif %}
        {{- '\n<result>\n' }}
        {{- content }}
        {{- '\n</result>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<|end|>\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|turn|>assistant\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\n\n</think>\n\n' }}
    {%- endif %}
{%- endif %}"""

DATED = """{{- bos_token }}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "26 Jul 2024" %}
    {%- endif %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}
{#- The text of the system is taken out of the messages. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|head|>system<|tail|>\n\n" }}
{%- if tools is not none %}
    {{- "Environment: ipython\n" }}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\n\n" }}
    {%- endfor %}
{%- endif %}
{{- "Today: " + date_string + "\n\n" }}
{{- system_message }}
{{- "<|eot|>" }}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|head|>' + message['role'] + '<|tail|>\n\n'+ message['content'] | trim + '<|eot|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("This model only supports single tool-calls at once!") }}
        {%- endif %}
        {%- set tool_call = message.tool_calls[0].function %}
        {{- '<|head|>assistant<|tail|>\n\n' -}}
        {{- '{"name": "' + tool_call.name + '", ' }}
        {{- '"parameters": ' }}
        {{- tool_call.arguments | tojson }}
        {{- "}" }}
        {{- "<|eot|>" }}
    {%- else %}
        {{- "<|head|>ipython<|tail|>\n\n" }}
        {%- if message.content is mapping or message.content is iterable %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
        {{- "<|eot|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|head|>assistant<|tail|>\n\n' }}
{%- endif %}
"""

ALTERNATING = """{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate') }}{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<turn>' + role + '
' + message['content'] | trim + '<end>
' }}{% endfor %}{% if add_generation_prompt %}{{'<turn>model
'}}{% endif %}"""

INSTRUCT = """{%- if messages[0]["role"] == "system" %}
    {%- set system_message = messages[0]["content"] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}
{{- bos_token }}
{%- for message in loop_messages %}
    {%- if message["role"] == "user" %}
        {%- if tools is defined and tools is not none and (message == user_messages[-1]) %}
            {{- "[TOOLS] [" }}
            {%- for tool in tools %}
                {%- set tool = tool.function %}
                {{- '{"type": "function", "function": {' }}
                {%- for key, val in tool.items() if key != "return" %}
                    {%- if val is string %}
                        {{- '"' + key + '": "' + val + '"' }}
                    {%- else %}
                        {{- '"' + key + '": ' + val|tojson }}
                    {%- endif %}
                    {%- if not loop.last %}
                        {{- ", " }}
                    {%- endif %}
                {%- endfor %}
                {{- "}}" }}
                {%- if not loop.last %}
                    {{- ", " }}
                {%- else %}
                    {{- "]" }}
                {%- endif %}
            {%- endfor %}
            {{- "[/TOOLS]" }}
            {%- endif %}
        {%- if loop.last and system_message is defined %}
            {{- "[INST] " + system_message + "\n\n" + message["content"] + "[/INST]" }}
        {%- else %}
            {{- "[INST] " + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- elif message.tool_calls is defined and message.tool_calls is not none %}
        {{- "[CALLS] [" }}
        {%- for tool_call in message.tool_calls %}
            {%- set out = tool_call.function|tojson %}
            {{- out[:-1] }}
            {%- if not tool_call.id is defined or tool_call.id|length != 2 %}
                {{- raise_exception("ids must have two characters") }}
            {%- endif %}
            {{- ', "id": "' + tool_call.id + '"}' }}
        {%- endfor %}
        {{- "]" + eos_token }}
    {%- elif message["role"] == "assistant" %}
        {{- " " + message["content"]|trim + eos_token}}
    {%- elif message["role"] == "tool" %}
        {%- if message.content is defined and message.content.content is defined %}
            {%- set content = message.content.content %}
        {%- else %}
            {%- set content = message.content %}
        {%- endif %}
        {{- '[RESULT] {"content": ' + content|string + ", " }}
        {{- '"id": "' + message.tool_call_id + '"}[/RESULT]' }}
    {%- else %}
        {{- raise_exception("no such role: " + message["role"]) }}
    {%- endif %}
{%- endfor %}
"""

MACROS = """{#- Writes a type of TypeScript -#}
{%- macro kind(spec, required_params, is_nullable=false) -%}
    {%- if spec.type == "array" -%}
        {%- if spec['items'] -%}
            {{- kind(spec['items'], required_params) + "[]" }}
        {%- else -%}
            {{- "any[]" }}
        {%- endif -%}
    {%- elif spec.type is defined and spec.type is iterable and spec.type is not string -%}
        {{- spec.type | join(" | ") }}
    {%- elif spec.type == "object" -%}
        {{- "{\n" }}
        {%- for name, prop in spec.properties.items() -%}
            {{- name -}}
            {%- if name not in (spec.required or []) -%}
                {{- "?" -}}
            {%- endif -%}
            {{- ": " -}}
            {{ kind(prop, spec.required or []) }}
            {%- if not loop.last -%}
                {{- ", " -}}
            {%- endif -%}
        {%- endfor -%}
        {{- "}" }}
    {%- elif spec.enum is defined -%}
        {{- spec.enum | map('tojson') | join('|') -}}
    {%- else -%}
        {{- spec.type | default("any", true) }}
    {%- endif -%}
    {%- if is_nullable -%}
        {{- " | null" }}
    {%- endif -%}
{%- endmacro -%}
{%- for tool in tools %}
    {%- set f = tool.function %}
    {{- "// " + f.description.replace("\\n", " ") + "\n" }}
    {{- "type " + f.name + " = (_: " }}
    {{- kind(f.parameters, [], is_nullable=true) }}
    {{- ") => any;\n" }}
{%- endfor %}"""

SIMPLE = [
    # Text, white space around tags
    "a\n", "a\n\n", "a\r\nb\r", "", "  {% if true %}\n x\n  {% endif %}\n y", "a {%- if 1 %} b {% endif -%}  c",
    "a\n  {%+ if true %}b{% endif +%}\nc", "a  {#- c -#}  b", "{# a #}\nb", "x {# a #}\n  {# b #}\nc",
    "a\n\n  {{ 1 }}\n\nb", "a {{- 1 -}} b", "{% raw %}{{ x }}{% endraw %}", "a {%- raw -%} {% b %} {%- endraw %} c",
    "  {% set x = 1 %}  \n{{ x }}", "\t{% if true %}\n\tx\n\t{% endif %}\n", "{{ '}}' }}", "{{ {'a': {'b': 1}} }}",
    "{% for i in [1, 2] %}\n  {{ i }}\n{% endfor %}\nend", "{", "{ {", "a{", "#}", "%}",
    # Literals
    r"{{ 'a\n\t\\\'\"\x41\u00e9\U0001F600\101\q' }}", "{{ \"it's\" }}", "{{ 'a' 'b' }}", "{{ 1_000 }}", "{{ 1.50 }}",
    "{{ 1e3 }} {{ 1.5e-7 }} {{ 1e16 }} {{ 123456789.125 }} {{ 1e22 }} {{ 0.1 + 0.2 }} {{ 100.0 }} {{ 2.0e-5 }}",
    "{{ [1, 'a', none, true, 1.0, (1,), (), {}] }}", "{{ {'a': 1, 2: [3]} }}", "{{ (1, 2) }}", "{{ 1, 2 }}",
    "{{ [\"a'b\", 'a\"b', 'a\\nb\\t\\\\', 'é\\x00'] }}", "{{ true }} {{ False }} {{ None }} {{ none }}", "{{ [] }}{{ () }}",
    # Operators
    "{{ 1 + 2 * 3 - 4 }}", "{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 6 / 2 }}", "{{ 2 ** 10 }} {{ 2 ** -1 }}",
    "{{ -2 ** 2 }}", "{{ 1 ~ 'a' ~ none ~ 2.0 ~ true }}", "{{ 'a' + 'b' * 3 }}", "{{ [1] + [2] * 2 }}", "{{ 7.5 // 2 }} {{ 7.5 % 2 }} {{ -7.5 % 2 }}",
    "{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 == 1.0 }} {{ 1 == true }} {{ 'a' == 'a' }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }}",
    "{{ 'a' in 'abc' }} {{ 'x' not in 'abc' }} {{ 1 in [1] }} {{ 'a' in {'a': 1} }} {{ 2 in (1, 2) }} {{ '' in 'a' }}",
    "{{ not 1 == 2 }} {{ not (1 and 0) }} {{ 1 and 'x' }} {{ 0 or 'y' }} {{ '' or none }} {{ not none }}",
    "{{ 'y' if 1 else 'n' }} {{ 'y' if 0 else 'n' }} [{{ 'y' if 0 }}]", "{{ 'a' if 0 else 'b' if 0 else 'c' }}",
    "{{ 1 if 2 > 1 and not false else 0 }}", "{{ -5|abs }} {{ (-5)|abs }}", "{{ 'a' ~ 1 + 2 }}", "{{ true + 1 }}",
    "{{ [1, 2] == [1, 2] }} {{ {'a': 1} == {'a': 1.0} }} {{ (1,) == [1] }} {{ none == none }} {{ x == y }}",
    "{{ 'b' > 'a' and 'a' >= 'a' }}", "{{ 1 is odd and 2 is even }}", "{{ 10 is divisibleby 5 }} {{ 10 is divisibleby(3) }}",
    # Undefined
    "[{{ x }}]", "[{{ d.x }}]", "{{ x is defined }} {{ d.x is defined }} {{ d.a is defined }}", "{{ x.y }}", "{{ d.x.y }}", "{{ x + 1 }}",
    "{{ x ~ 'a' }}", "{{ 'a' in x }}", "{% for i in x %}a{% else %}none{% endfor %}", "{{ x|length }} {{ x|list }}", "{{ x() }}", "{{ x[0] }}",
    "{{ x|default('d') }} {{ x|d }} {{ none|default('d') }} {{ none|default('d', true) }} {{ ''|default('d', boolean=true) }}",
    "{{ not x }} {{ x or 'y' }}", "{{ [1][5] }}|{{ 'ab'[7] }}", "{{ x is none }} {{ none is none }} {{ x is undefined }}", "{{ [x] }}",
    "{{ 'a' + none }}", "{{ 1 + 'a' }}", "{{ none.x is defined }}", "{{ none|length }}", "{{ 5|length }}", "{% for i in 5 %}{% endfor %}", "{{ 'a' < 1 }}",
    "{{ 'a' in 5 }}", "{{ 1 in 'a' }}", "{{ x < 1 }}", "{{ 1 // 0 }}", "{{ {'a': 1}.b.c is defined }}", "{{ x|tojson }}", "{{ d['x'] is defined }}",
    # Members, indexes, slices
    "{{ d.a }} {{ d['a'] }} {{ l[0] }} {{ l[-1] }} {{ l.1 }} {{ 'héllo'[1] }} {{ '😀b'[1] }}", "{{ d.items() | list }} {{ d.keys()|list }} {{ d.values()|list }}",
    "{{ l[1:] }} {{ l[:-1] }} {{ l[::-1] }} {{ l[::2] }} {{ l[-2:] }} {{ l[5:] }} {{ l[2:0:-1] }} {{ l[:] }} {{ l[-9:9] }}",
    "{{ 'hello'[1:3] }} {{ 'hello'[::-1] }} {{ 'hello'[:-1] }} {{ '😀é'[1:] }} {{ 'abc'[3:] }}|", "{{ d.get('a') }} {{ d.get('x') }} {{ d.get('x', 5) }}",
    "{{ (1, 2, 3)[1:] }}", "{{ d['a':] }}", "{{ l['0'] is defined }}", "{{ {'items': 5}['items'] }}", "{{ d.append is defined }}", "{{ l.append(4) }}",
    "{{ d.update({'b': 1}) }}", "{{ l.index(2) }} {{ l.count(2) }}", "{{ ''.__class__ is defined }}", "{{ ''.__class__.__mro__ }}", "{{ l.__len__ is defined }}",
    # Methods of strings
    "[{{ '  a b  '.strip() }}] [{{ ' a '.lstrip() }}] [{{ ' a '.rstrip() }}] [{{ 'xaxx'.strip('x') }}] [{{ 'abc'.strip('ca') }}]", "{{ 'a,b,,c'.split(',') }} {{ ' a  b '.split() }} {{ 'a b c d'.split(' ', 1) }} {{ 'a  b  c '.split(none, 1) }}",
    "{{ 'a,b,c'.rsplit(',', 1) }} {{ ' a b  c'.rsplit(none, 1) }} {{ 'abc'.rsplit('x') }} {{ ''.split() }} {{ ''.split(',') }} {{ 'a--b'.rsplit('--') }}",
    "{{ 'abc'.startswith('ab') }} {{ 'abc'.endswith(('x', 'c')) }} {{ 'abc'.startswith('') }}", "{{ 'aaa'.replace('a', 'b') }} {{ 'aaa'.replace('a', 'b', 2) }} {{ 'abc'.replace('', '-') }}",
    "{{ 'aBc dE'.upper() }} {{ 'aBc dE'.lower() }} {{ \"it's aBc-dE\".title() }} {{ 'aBc dE'.capitalize() }} {{ 'ß'.upper() }}", "{{ ', '.join(['a', 'b']) }}", "{{ ','.join([1]) }}",
    "{{ 'hello'.find('l') }} {{ 'hello'.rfind('l') }} {{ 'hello'.find('x') }} {{ '😀x'.find('x') }} {{ 'hello'.index('e') }} {{ 'aXbX'.count('X') }}", "{{ 'hello'.index('x') }}",
    "{{ 'a\\nb\\r\\nc\\n'.splitlines() }} {{ 'a\\nb\\n'.splitlines(true) }} {{ ''.splitlines() }}", "{{ 'ab'.removeprefix('a') }} {{ 'ab'.removesuffix('b') }}", "{{ '12'.isdigit() }} {{ 'a1'.isalnum() }} {{ ''.isdigit() }} {{ ' '.isspace() }} {{ 'AB'.isupper() }} {{ 'aB'.islower() }} {{ 'é'.isalpha() }}",
    "{{ '{} and {}'.format(1, 'b') }} {{ '{1}{0}{x}'.format('a', 'b', x='c') }} {{ '{{}}'.format() }}", "{{ 'a'.split('') }}", "{{ 'a'.foo() }}", "{{ 'a' | upper | lower }}",
    # Filters
    "{{ ' a ' | trim }} {{ 'xax'|trim('x') }} {{ 5|trim }}", "{{ [1, 2]|join }} {{ ['a', 1]|join(', ') }} {{ [{'a': 1}, {'a': 2}]|join('-', attribute='a') }}", "{{ 'abc'|first }} {{ [1, 2]|last }} {{ []|first }} {{ 'abc'|last }}",
    "{{ 'abc'|length }} {{ d|length }} {{ '😀'|count }}", "{{ 'b a'|title }} {{ 'foo-bar (baz)'|title }} {{ 'ABC d'|capitalize }}", "{{ 'abc'|list }} {{ d|list }} {{ (1, 2)|list }}",
    "{{ [1, 2, 3]|select('odd')|list }} {{ [0, 1]|select|list }} {{ [1, 2, 3]|reject('eq', 2)|list }} {{ [1, 5]|select('>', 2)|list }}", "{{ ms|selectattr('a')|list }} {{ ms|selectattr('b', 'equalto', 2)|list }} {{ ms|rejectattr('a', 'defined')|list }}",
    "{{ ms|map(attribute='b')|list }} {{ ms|map(attribute='a', default=0)|list }} {{ ['a']|map('upper')|list }} {{ ['a b']|map('replace', ' ', '_')|join }}", "{{ ms|selectattr('role', 'in', ['x', 'y'])|map(attribute='role')|join(',') }}",
    "{{ 'a'|string }} {{ 5|string ~ '!' }} {{ '5'|int + 1 }} {{ 'x'|int }} {{ 'x'|int(7) }} {{ '3.7'|int }} {{ 3.7|int }} {{ '1.5'|float }} {{ 'x'|float }} {{ ' 4 '|int }} {{ none|int(3) }}",
    "{{ d|items|list }} {{ x|items|list }} {{ {'b': 1, 'a': 2}|dictsort }} {{ {'b': 1, 'a': 2}|dictsort(by='value', reverse=true) }}", "{{ 'a<b>&\"\\''|escape }} {{ 'a'|safe }}",
    "{{ 'a\\nb\\n\\nc'|indent }}|{{ 'a\\nb'|indent(2, true) }}|{{ 'a\\n\\nb\\n'|indent(2, blank=true) }}|{{ 'a\\nb'|indent('>') }}", "{{ [3, 1, 2]|sort }} {{ ['b', 'A', 'c']|sort }} {{ ['b', 'A']|sort(case_sensitive=true) }} {{ ms|sort(attribute='b', reverse=true)|map(attribute='b')|list }}",
    "{{ [1, 2, 1]|unique|list }} {{ ['a', 'A']|unique|list }}", "{{ [1, 2]|reverse|list }} {{ 'abc'|reverse }}", "{{ 2.5|round }} {{ 2.567|round(2) }} {{ 2.1|round(0, 'ceil') }} {{ 2.9|round(method='floor') }} {{ 5|round }} {{ 0.5|round }} {{ 1.5|round|int }}",
    "{{ [1, 2]|sum }} {{ ms|sum(attribute='b') }} {{ [[1], [2]]|sum(start=[]) }} {{ [3, 1]|min }} {{ [3, 1]|max }} {{ ['b', 'A']|min }}", "{{ [1, 2, 3]|batch(2)|list }} {{ [1, 2, 3]|batch(2, 0)|list }}", "{{ 'a b  c'|wordcount }}",
    "{{ none|selectattr('a')|list }} {{ none|map('upper')|list }} {{ 0|select|list }}", "{{ 5|map('upper')|list }}", "{{ 'x'|nosuch }}", "{% if false %}{{ 'x'|nosuch }}{% endif %}ok", "{{ 'x' is nosuch }}", "{{ 'a'|attr('upper') is defined }} {{ d|attr('a') is defined }}", "{{ ms|groupby('role')|length }}",
    # JSON
    "{{ d|tojson }} {{ l|tojson }} {{ 'é<>&\\'\"\\n\\x01\\x7f'|tojson }} {{ none|tojson }} {{ 1.0|tojson }} {{ true|tojson }} {{ []|tojson }} {{ {}|tojson }}", "{{ {'a': [1, {'b': 2}], 'c': [], 'd': {}}|tojson(indent=2) }}",
    "{{ 'é'|tojson(ensure_ascii=true) }} {{ {'b': 1, 'a': 2}|tojson(sort_keys=true) }} {{ [1, {'a': 2}]|tojson(separators=(',', ':')) }} {{ {'a': 1}|tojson(separators=[',', ':'], indent=1) }}", "{{ (1, 2)|tojson }} {{ {1: 2, none: 3, false: 4}|tojson }} {{ '😀'|tojson }}",
    # Tests
    "{{ 'a' is string }} {{ 1 is string }} {{ d is mapping }} {{ l is mapping }} {{ 'a' is iterable }} {{ 1 is iterable }} {{ l is sequence }} {{ 'a' is sequence }} {{ d is sequence }}", "{{ 1 is number }} {{ 1.0 is number }} {{ true is number }} {{ '1' is number }} {{ 1 is integer }} {{ true is integer }} {{ 1.0 is float }} {{ true is boolean }} {{ 1 is boolean }}",
    "{{ true is true }} {{ 1 is true }} {{ false is false }} {{ 0 is false }}", "{{ 1 is eq 1 }} {{ 1 is equalto(2) }} {{ 1 is ne 2 }} {{ 1 is in [1, 2] }} {{ 2 is gt 1 }} {{ 2 is lessthan 1 }}", "{{ 'a' is not string }} {{ x is not defined }}",
    "{{ 'a' is lower }} {{ 'A' is upper }} {{ range is callable }} {{ 'a' is callable }} {{ none is sameas none }} {{ 1 is sameas true }} {{ 'upper' is filter }}", "{{ x is defined and x.y }}", "{{ (d is mapping) if true else 1 }}", "{{ d.a is defined or false }}",
    # set
    "{% set a = 1 %}{{ a }}", "{% set a, b = 1, 2 %}{{ b }}{{ a }}", "{% set a %}x{{ 1 }}{% endset %}[{{ a }}]", "{% set a | upper %}x{% endset %}{{ a }}", "{% set n = namespace(a=1) %}{% set n.a = n.a + 1 %}{% set n.b = 'x' %}{{ n.a }}{{ n.b }}{{ n.c is defined }}",
    "{% set x = 1 %}{% for i in l %}{{ x }}{% set x = 2 %}{% endfor %}{{ x }}", "{% if true %}{% set y = 1 %}{% endif %}{{ y }}", "{% set d.a = 1 %}", "{% set n = namespace() %}{% for i in l %}{% set n.x = i %}{% endfor %}{{ n.x }}", "{% set a = (1, 2) %}{% set b, c = a %}{{ c }}", "{% set a, b = [1] %}", "{% set a = b = 1 %}",
    "{% set n = namespace({'a': 1}, b=2) %}{{ n.a }}{{ n.b }}", "{% set (a, b) = (1, 2) %}{{ a }}", "{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a is defined }}", "{% filter upper %}a{{ 'b' }}{% endfilter %}", "{% filter replace('a', 'b') | upper %}aa{% endfilter %}",
    # for
    "{% for a in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.depth }} {% endfor %}", "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "{% for k in d %}{{ k }}{% endfor %}", "{% for c in 'aé😀' %}{{ c }}.{% endfor %}",
    "{% for a in l if a > 1 %}{{ a }}{{ loop.index }}{% else %}none{% endfor %}", "{% for a in [] %}x{% else %}none{% endfor %}", "{% for a in l %}{% if a == 2 %}{% continue %}{% endif %}{{ a }}{% endfor %}", "{% for a in l %}{% if a == 2 %}{% break %}{% endif %}{{ a }}{% endfor %}", "{% for a in l %}{{ loop.previtem }}<{{ loop.nextitem is defined }} {% endfor %}",
    "{% for a in l %}{{ loop.cycle('x', 'y') }}{% endfor %}", "{% for a in l %}{% for b in l %}{{ loop.index }}{{ loop.depth }}{% endfor %}{{ loop.index }} {% endfor %}", "{% for (a, (b, c)) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}", "{% for i in range(3) %}{{ i }}{% endfor %}{{ range(5, 1, -2)|list }}{{ range(2, 4)|list }}", "{% for a in l if a > 5 %}{% else %}e{% endfor %}", "{% break %}", "{{ loop is defined }}",
    "{% for a, b in [[1]] %}{% endfor %}", "{% for x in none %}{% endfor %}", "{% for i in range(3) if i is odd %}{{ loop.last }}{% endfor %}", "{% for m in ms[1:] %}{{ m.role }}{% endfor %}", "{% for a in l|reverse %}{{ a }}{% endfor %}", "{{ range(0) | list }}",
    # macro, call, generation
    "{% macro m(a, b=2) %}[{{ a }}{{ b }}]{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(b=5, a=4) }}{{ m() }}", "{% macro m(n) %}{{ n }}{% if n > 0 %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(3) }}", "{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}x{% endcall %}", "{% macro m() %}{{ caller(1, 2) }}{% endmacro %}{% call(a, b) m() %}{{ a + b }}{% endcall %}",
    "{% set g = 1 %}{% macro m() %}{{ g }}{% endmacro %}{% set g = 2 %}{{ m() }}", "{% for i in l %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}", "{% generation %}a{{ 1 }}{% endgeneration %}b", "{%- macro m(x) -%}  {{ x }}  {%- endmacro -%}[{{ m('a') | upper }}]", "{% macro m(a) %}{% set a = 5 %}{{ a }}{% endmacro %}{{ m(1) }}", "{% macro m(a=l[0]) %}{{ a }}{% endmacro %}{{ m() }}", "{% macro m(a) %}{{ a is defined }}{% endmacro %}{{ m() }}", "{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, x=2) }}",
    # Globals
    "{{ raise_exception('no') }}", "{{ strftime_now('%d %b %Y, %A %B %H:%M:%S %y %-d %j %I %p %m') }}", "{{ dict(a=1, b='x') }} {{ dict({'a': 1}, a=2) }}", "{{ range(10)[2] }}", "{{ namespace is defined }}",
    # Not a template
    "{{", "{{ }}", "{% if %}", "{% if 1 %}", "{% endif %}", "{% foo %}", "{{ 'a }}", "{{ 1 + }}", "{# a", "{% for x %}{% endfor %}", "{{ a b }}", "{% set %}", "{{ (1 }}", "{{ [1 }}", "{{ a | }}", "{{ a is }}", "{% raw %} a", "{{ 1 ! 2 }}", "{% else %}", "{{ f(a=1, 2) }}", "{% macro %}{% endmacro %}", "{{ a[ }}",
]

VARIABLES = {
    "d": {"a": 1, "b": "x"},
    "l": [1, 2, 3],
    "ms": [{"role": "x", "a": 1, "b": 2}, {"role": "y", "b": 3}],
}


def cases():
    for template in SIMPLE:
        yield template, VARIABLES
    common = {"bos_token": "<s>", "eos_token": "</s>", "tools": None}
    conversations = [[USER], TALK, CALLS, TALK[1:], [USER, USER], [TALK[0], USER]]
    for template in (CHATML, THINKING, DATED, ALTERNATING, INSTRUCT):
        for messages in conversations:
            for more in (
                {"add_generation_prompt": True},
                {"add_generation_prompt": True, "tools": TOOLS},
                {"add_generation_prompt": True, "enable_thinking": False},
            ):
                yield template, {**common, "messages": messages, **more}
    yield MACROS, {"tools": TOOLS}


def main():
    jinja = environment()
    written = []
    for template, variables in cases():
        case = {"template": template, "variables": variables}
        try:
            case["expected"] = jinja.from_string(template).render(**variables)
        except Exception as e:  # Whatever jinja2 raises, the other side must refuse too.
            case["error"] = type(e).__name__
        written.append(case)
    sys.stdout.write("[\n" + ",\n".join(json.dumps(case, ensure_ascii=True) for case in written) + "\n]\n")


if __name__ == "__main__":
    main()
