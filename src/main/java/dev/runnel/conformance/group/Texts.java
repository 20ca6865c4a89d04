package dev.runnel.conformance.group;

import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.NotRun;
import dev.runnel.conformance.session.Session;
import java.io.IOException;

/** Texts that several cases look at. Each is generated once in a run. */
final class Texts {

    private Texts() {}

    /** A word in the middle of the text that the model gives to the story at temperature 0. */
    static String wordWithin(Session s) throws IOException {
        String text = s.keep(
                "story at temperature 0",
                String.class,
                () -> Expect.generated(s.send(
                                s.post(Session.ONCE, s.story(ModelRole.TEXT).with("temperature", "0"))))
                        .path("text")
                        .asText());
        String[] words = text.strip().split("[^\\p{L}]+", -1);
        for (int i = 2; i < words.length; i++) {
            if (words[i].length() >= 3) {
                return words[i];
            }
        }
        throw NotRun.skip("the text of the model has fewer than three words");
    }
}
