package dev.runnel.engine.openai;

/** Which of the two streaming routes an upstream is asked by. */
enum Api {
    /** {@code chat/completions}: turns go in, {@code choices[0].delta.content} comes out. */
    CHAT("/chat/completions"),
    /** {@code completions}: a text goes in, {@code choices[0].text} comes out. */
    COMPLETIONS("/completions");

    private final String path;

    Api(String path) {
        this.path = path;
    }

    /** Behind the upstream's URL. */
    String path() {
        return path;
    }
}
