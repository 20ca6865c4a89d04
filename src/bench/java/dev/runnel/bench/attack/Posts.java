package dev.runnel.bench.attack;

import dev.runnel.sse.HttpWire;

/** Requests for generations, in ASCII. */
final class Posts {

    private Posts() {}

    static String generate(String key, String json) {
        return post("/v1/generate", key, json);
    }

    static String stream(String key, String json) {
        return post("/v1/generate/stream", key, json);
    }

    private static String post(String path, String key, String json) {
        return HttpWire.postHead(path, key, "Content-Length: " + json.length()) + json;
    }
}
