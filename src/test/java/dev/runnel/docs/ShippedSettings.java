package dev.runnel.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the keys of {@code conf/runnel.yaml} with their comments, also those that are commented out. */
final class ShippedSettings {

    private static final Path FILE = Path.of("conf/runnel.yaml");
    private static final Pattern KEY =
            Pattern.compile("(?<indent> *)(?<item>- )?(?<off># )?(?<key>[a-z][a-zA-Z0-9]*):(?: (?<value>.*))?");

    private final List<Setting> settings = new ArrayList<>();
    private final List<String> comment = new ArrayList<>();
    private final Deque<Level> levels = new ArrayDeque<>();
    private final Map<String, Integer> items = new HashMap<>();

    /** A key that is open: what is indented deeper is below it. */
    private record Level(int indent, String path) {}

    /**
     * One key.
     *
     * @param path with the numbers of list items, {@code models[1].upstreams[0].url}
     * @param value the text after the colon; empty for none
     * @param comment the comment above it in one line
     * @param isOff whether the key is commented out in an entry that has it not
     */
    record Setting(String path, String value, String comment, boolean isOff) {

        boolean isInList() {
            return path.contains("[");
        }

        /** A list in the flow style, which has no variable. */
        boolean isList() {
            return value.startsWith("[");
        }
    }

    private ShippedSettings() {}

    static List<Setting> read() throws IOException {
        var shipped = new ShippedSettings();
        text().lines().forEach(shipped::line);
        return shipped.settings;
    }

    /** The file with its example entries, without the keys that are commented out in an entry. */
    static String text() throws IOException {
        return Files.readString(FILE)
                .replaceAll("(?m)^#  ", "  ")
                .replaceAll("(?m)^  #  ", "    ")
                .replace("trusted: []", "trusted:");
    }

    private void line(String line) {
        Matcher key = KEY.matcher(line);
        if (key.matches()) {
            add(key);
        } else if (line.strip().startsWith("#")) {
            comment.add(line.strip().substring(1).strip());
        } else {
            comment.clear();
        }
    }

    private void add(Matcher key) {
        int indent = key.group("indent").length();
        boolean startsItem = key.group("item") != null;
        while (!levels.isEmpty() && levels.peek().indent() >= indent) {
            levels.pop();
        }
        if (startsItem) {
            String list = levels.peek().path();
            int item = items.merge(list, 1, Integer::sum) - 1;
            levels.push(new Level(indent, list + "[" + item + "]"));
        }
        String path = (levels.isEmpty() ? "" : levels.peek().path() + ".") + key.group("key");
        levels.push(new Level(startsItem ? indent + 2 : indent, path));
        String value = key.group("value") == null ? "" : key.group("value");
        settings.add(new Setting(path, value, String.join(" ", comment), key.group("off") != null));
        comment.clear();
    }
}
