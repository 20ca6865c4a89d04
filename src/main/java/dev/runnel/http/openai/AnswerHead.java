package dev.runnel.http.openai;

import dev.runnel.text.EscapedText;

/**
 * What an answer and each of its chunks start with.
 *
 * @param shape of the route
 * @param id of the generation; needs no escaping
 * @param created when the generation was accepted, in whole seconds since 1970
 * @param model as the client named it, or the default model's name
 */
public record AnswerHead(AnswerShape shape, String id, long created, String model) {

    /** The object of an answer to its {@code choices}, without the opening brace of the array's first member. */
    String whole() {
        return head(shape.object());
    }

    /** The same of a chunk. */
    String chunk() {
        return head(shape.chunkObject());
    }

    private String head(String object) {
        return "{\"id\":\"" + id + "\",\"object\":\"" + object + "\",\"created\":" + created + ",\"model\":\""
                + EscapedText.of(model).escapedString() + "\",\"choices\":[";
    }
}
