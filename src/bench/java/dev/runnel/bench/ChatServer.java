package dev.runnel.bench;

/**
 * A server of the OpenAI routes.
 *
 * @param name for the table
 * @param url scheme, host and port
 * @param model the model to request
 * @param key its API key; any text where the server has none
 */
record ChatServer(String name, String url, String model, String key) {

    /** Reads {@code NAME,URL,MODEL,KEY}. */
    static ChatServer parse(String argument) {
        String[] parts = argument.split(",", 4);
        if (parts.length < 4) {
            throw new IllegalArgumentException("not NAME,URL,MODEL,KEY: " + argument);
        }
        return new ChatServer(parts[0], parts[1], parts[2], parts[3]);
    }
}
