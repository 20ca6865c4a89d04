package dev.runnel.http.responses;

import dev.runnel.http.openai.MemberReader;
import dev.runnel.text.EscapedText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code metadata}: strings by name, which an answer repeats. */
final class MetadataReader {

    private static final String PLACE = "metadata";
    private static final int MAX_MEMBERS = 16;
    private static final int MAX_NAME_LENGTH = 64;
    private static final int MAX_VALUE_LENGTH = 512;
    private static final String RULE = "at most " + MAX_MEMBERS + " strings of at most " + MAX_VALUE_LENGTH
            + " characters, with names of at most " + MAX_NAME_LENGTH;

    private final MemberReader value;
    private final List<String> members = new ArrayList<>();

    MetadataReader(MemberReader value) {
        this.value = value;
    }

    /** The object as JSON text. */
    String read() throws IOException {
        value.object(PLACE, this::member);
        return '{' + String.join(",", members) + '}';
    }

    private void member(String name) throws IOException {
        String text = value.text(PLACE);
        if (members.size() == MAX_MEMBERS) {
            throw MemberReader.refusal(PLACE, "more than " + MAX_MEMBERS + " members", RULE);
        }
        check(name, MAX_NAME_LENGTH, "a name");
        check(text, MAX_VALUE_LENGTH, "a value");
        members.add(EscapedText.of(name).json() + ':' + EscapedText.of(text).json());
    }

    private static void check(String text, int most, String what) {
        int characters = text.codePointCount(0, text.length());
        if (characters > most) {
            throw MemberReader.refusal(PLACE, what + " of " + characters + " characters", RULE);
        }
    }
}
