package dev.runnel.http.openai;

import dev.runnel.http.request.PassThrough;
import dev.runnel.text.EscapedText;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The members of one request that a model's server gets as they came. */
public final class PassedMembers {

    private final MemberReader value;
    private final PassThrough names;
    /** Those that any model passes on, as they were sent. */
    private final Map<String, String> read = new TreeMap<>();

    /** @param names of the members that models pass on */
    public PassedMembers(MemberReader value, PassThrough names) {
        this.value = value;
        this.names = names;
    }

    /** Reads a member, or leaves it unread if no model passes it on. */
    public void read(String name) throws IOException {
        if (names.isOfAny(name)) {
            read.put(name, value.raw());
        }
    }

    /** The same of a member that is read here too. */
    public void add(String name, String json) {
        if (names.isOfAny(name)) {
            read.put(name, json);
        }
    }

    /**
     * Adds those of one model to the options.
     *
     * @param model its name in the request, or {@code null} for the default
     */
    public void addTo(OptionsText options, @Nullable String model) {
        if (read.isEmpty()) {
            return;
        }
        Set<String> passed = names.of(model);
        read.keySet().retainAll(passed);
        String members = read.entrySet().stream()
                .map(member -> EscapedText.of(member.getKey()).json() + ":" + member.getValue())
                .collect(Collectors.joining(","));
        options.add("passed", members.isEmpty() ? "" : "{" + members + "}", largest());
    }

    /** The name of the longest one, which a refusal of their length names. */
    private String largest() {
        return read.entrySet().stream()
                .max(Map.Entry.comparingByValue((a, b) -> Integer.compare(a.length(), b.length())))
                .map(Map.Entry::getKey)
                .orElse("");
    }
}
