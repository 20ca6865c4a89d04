package dev.runnel.engine.openai;

/** The two streaming routes of an upstream. */
enum Api {
    /** {@code chat/completions}: the request has turns, the text is {@code choices[0].delta.content}. */
    CHAT("/chat/completions"),
    /** {@code completions}: the request has a text, the text is {@code choices[0].text}. */
    COMPLETIONS("/completions");

    private final String path;

    Api(String path) {
        this.path = path;
    }

    /** The path after the upstream's URL. */
    String path() {
        return path;
    }
}
