package dev.runnel.conformance.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a case sent and what came, cut to size. Keys and their parts never appear in it. */
public final class Transcript {

    private static final int MAX_ENTRIES = 24;
    private static final int MAX_CHARACTERS = 1200;

    /** More than is shown: a key is hidden only if all of it is known. */
    private static final int MAX_KEPT = 16 * 1024;

    private static final int SHORTEST_SECRET = 8;

    private final Set<String> secrets =
            new TreeSet<>(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()));
    private final List<Entry> entries = new ArrayList<>();
    private int left;
    private boolean isOtherConnection;

    private record Entry(String mark, StringBuilder text) {}

    /** Adds a text that no output may have, and its parts between dots. */
    public void hide(String secret) {
        Stream.concat(Stream.of(secret), Stream.of(secret.split("\\.")))
                .filter(part -> part.length() >= SHORTEST_SECRET)
                .forEach(secrets::add);
    }

    /** Forgets what was sent and received; keeps the secrets. */
    public void clear() {
        entries.clear();
        left = 0;
    }

    /** What follows belongs to another connection. */
    void opened() {
        isOtherConnection = true;
    }

    void sent(byte[] bytes) {
        add("sent", bytes, bytes.length);
    }

    void received(byte[] bytes, int length) {
        add("came", bytes, length);
    }

    /** Adds a remark, such as that the client closed the connection. */
    public void note(String remark) {
        add("note", remark.getBytes(StandardCharsets.UTF_8), remark.length());
    }

    private void add(String mark, byte[] bytes, int length) {
        boolean isSame = !isOtherConnection
                && !entries.isEmpty()
                && entries.get(entries.size() - 1).mark().equals(mark);
        isOtherConnection = false;
        if (left > 0 || (!isSame && entries.size() == MAX_ENTRIES)) {
            left++;
            return;
        }
        if (!isSame) {
            entries.add(new Entry(mark, new StringBuilder()));
        }
        StringBuilder text = entries.get(entries.size() - 1).text();
        if (text.length() < MAX_KEPT) {
            text.append(new String(bytes, 0, Math.min(length, MAX_KEPT), StandardCharsets.UTF_8));
        }
    }

    /** The lines of the transcript, each with its direction. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Entry entry : entries) {
            String text = hidden(whole(entry.text().toString()));
            String shown = text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS) + "…";
            shown.lines().forEach(line -> lines.add(entry.mark() + ": " + printable(line)));
        }
        if (left > 0) {
            lines.add("note: " + left + " more parts are left out");
        }
        return lines;
    }

    /** Without an end that may be a part of a key. */
    private String whole(String text) {
        int longest = secrets.stream().mapToInt(String::length).max().orElse(0);
        return text.length() < MAX_KEPT ? text : text.substring(0, Math.max(0, MAX_KEPT - longest));
    }

    /** A text without secrets. */
    public String hidden(String text) {
        String shown = text;
        for (String secret : secrets) {
            shown = shown.replace(secret, "<key>");
        }
        return shown;
    }

    private static String printable(String line) {
        StringBuilder shown = new StringBuilder(line.length());
        line.chars().forEach(c -> shown.append(c < ' ' || c == 127 ? '\u00b7' : (char) c));
        return shown.toString();
    }
}
