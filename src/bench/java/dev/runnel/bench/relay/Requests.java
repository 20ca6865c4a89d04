package dev.runnel.bench.relay;

/** What a reader asks for. */
final class Requests {

    private Requests() {}

    static String of(Load load, int number) {
        String prompt = "interval=" + load.intervalMicros() + " number=" + number;
        return load.server().runnel() && !load.form().chat()
                ? post("/v1/generate/stream", load, runnelBody(load, prompt))
                : post("/v1/chat/completions", load, openAiBody(load, prompt));
    }

    private static String runnelBody(Load load, String prompt) {
        return "{\"prompt\":\"" + prompt + "\",\"maxTokens\":" + load.tokens()
                + (load.form().includeText() ? "}" : ",\"includeText\":false}");
    }

    private static String openAiBody(Load load, String prompt) {
        return "{" + (load.server().runnel() ? "" : "\"model\":\"bench\",")
                + "\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}],\"max_tokens\":" + load.tokens()
                + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}";
    }

    private static String post(String path, Load load, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                + (load.server().key().isEmpty()
                        ? ""
                        : "Authorization: Bearer " + load.server().key() + "\r\n")
                + (load.form().gzip() ? "Accept-Encoding: gzip\r\n" : "")
                + "Accept: text/event-stream\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
