"""Runs one client in one scenario for each line of input, as javascript/main.mjs does."""

import json
import sys
import threading

import anthropic
import openai
from google import genai
from google.genai import types

SCHEMA = {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]}
DESCRIPTION = "Looks a word up."


class Chat:
    """The package openai: chat completions."""

    def __init__(self, r):
        self.client = openai.OpenAI(base_url=r["base"] + "/v1", api_key=r["key"], default_headers=r["headers"])
        self.request = {"model": r["model"], "max_completion_tokens": r["max"]}

    def plain(self):
        return self.client.chat.completions.create(messages=[{"role": "user", "content": "Hello"}], **self.request).choices[0].message.content

    def stream(self, seen):
        with self.client.chat.completions.create(messages=[{"role": "user", "content": "Hello"}], stream=True, **self.request) as stream:
            for chunk in stream:
                if seen(chunk.choices[0].delta.content or ""):
                    return

    def loop(self, question, called):
        tools = [{"type": "function", "function": {"name": "lookup", "description": DESCRIPTION, "parameters": SCHEMA}}]
        messages = [{"role": "user", "content": question}]
        while True:
            message = self.client.chat.completions.create(messages=messages, tools=tools, **self.request).choices[0].message
            if not message.tool_calls:
                return message.content
            messages.append(message)
            for call in message.tool_calls:
                called()
                messages.append({"role": "tool", "tool_call_id": call.id, "content": "found"})

    def embed(self):
        return [len(each.embedding) for each in self.client.embeddings.create(model="demo-embedding", input=["Hello", "World"]).data]

    def image(self):
        return len(self.client.images.generate(model="demo-image", prompt="A house").data)


class Messages:
    """The package anthropic."""

    def __init__(self, r):
        self.client = anthropic.Anthropic(base_url=r["base"], api_key=r["key"], default_headers=r["headers"])
        self.request = {"model": r["model"], "max_tokens": r["max"]}

    def plain(self):
        return self.client.messages.create(messages=[{"role": "user", "content": "Hello"}], **self.request).content[0].text

    def stream(self, seen):
        with self.client.messages.create(messages=[{"role": "user", "content": "Hello"}], stream=True, **self.request) as stream:
            for event in stream:
                if event.type == "content_block_delta" and seen(event.delta.text):
                    return

    def loop(self, question, called):
        tools = [{"name": "lookup", "description": DESCRIPTION, "input_schema": SCHEMA}]
        messages = [{"role": "user", "content": question}]
        while True:
            message = self.client.messages.create(messages=messages, tools=tools, **self.request)
            if message.stop_reason != "tool_use":
                return message.content[0].text
            results = []
            for block in message.content:
                if block.type == "tool_use":
                    called()
                    results.append({"type": "tool_result", "tool_use_id": block.id, "content": "found"})
            messages += [{"role": "assistant", "content": message.content}, {"role": "user", "content": results}]


class Gemini:
    """The package google-genai."""

    def __init__(self, r):
        self.client = genai.Client(api_key=r["key"], http_options=types.HttpOptions(base_url=r["base"], headers=r["headers"]))
        self.model, self.max = r["model"], r["max"]

    def config(self, **more):
        off = types.AutomaticFunctionCallingConfig(disable=True)
        return types.GenerateContentConfig(max_output_tokens=self.max, automatic_function_calling=off, **more)

    def plain(self):
        return self.client.models.generate_content(model=self.model, contents="Hello", config=self.config()).text

    def stream(self, seen):
        stream = self.client.models.generate_content_stream(model=self.model, contents="Hello", config=self.config())
        for chunk in stream:
            if seen(chunk.text or ""):
                stream.close()
                return

    def loop(self, question, called):
        declared = types.FunctionDeclaration(name="lookup", description=DESCRIPTION, parameters_json_schema=SCHEMA)
        contents = [types.Content(role="user", parts=[types.Part(text=question)])]
        while True:
            answer = self.client.models.generate_content(
                model=self.model, contents=contents, config=self.config(tools=[types.Tool(function_declarations=[declared])]))
            if not answer.function_calls:
                return answer.text
            contents.append(answer.candidates[0].content)
            parts = []
            for call in answer.function_calls:
                called()
                parts.append(types.Part.from_function_response(name=call.name, response={"output": "found"}))
            contents.append(types.Content(role="user", parts=parts))

    def embed(self):
        return [len(each.values) for each in self.client.models.embed_content(model="demo-embedding", contents=["Hello", "World"]).embeddings]


CLIENTS = {"openai (Python)": Chat, "anthropic (Python)": Messages, "google-genai (Python)": Gemini}


class Run:
    """A task of a scenario, and what it comes to in words."""

    def __init__(self, calls, times):
        self.calls, self.times = calls, times
        self.pieces, self.text, self.called = 0, "", 0

    def add(self, piece):
        self.text += piece

    def third(self, piece):
        self.pieces += piece != ""
        return piece != "" and self.pieces == 3

    def count(self):
        self.called += 1

    def do(self, task):
        if task == "plain":
            return f"“{self.calls.plain()}”"
        if task == "stream":
            self.calls.stream(self.add)
            return f"“{self.text}”"
        if task == "abort":
            self.calls.stream(self.third)
            return f"left after {self.pieces} pieces"
        if task == "loop":
            said = self.calls.loop(f"Call lookup {self.times} times", self.count)
            return f"tool calls: {self.called}, then “{said}”"
        if task == "embed":
            return "vectors of " + " and ".join(str(each) for each in self.calls.embed()) + " numbers"
        if task == "image":
            return f"{self.calls.image()} image"
        self.calls.plain()
        return f"an answer, and then “{self.calls.plain()}”"

    def told(self, task):
        try:
            return self.do(task)
        except Exception as problem:  # whatever the user's code gets is what is told
            before = f"tool calls: {self.called}, then " if self.called else f"“{self.text}”, then " if self.text else ""
            return f"{before}{type(problem).__name__}: {problem}"


def answer(request):
    client = CLIENTS[request["client"]](request)
    has = {"abort": "stream", "twice": "plain"}.get(request["task"], request["task"])
    saw = Run(client, request["times"]).told(request["task"]) if hasattr(client, has) else None
    with PRINTING:
        print(json.dumps({"number": request["number"], "saw": saw}), flush=True)


PRINTING = threading.Lock()
for line in sys.stdin:
    threading.Thread(target=answer, args=(json.loads(line),)).start()
