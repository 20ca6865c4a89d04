package dev.runnel.config.tree;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses YAML into maps, lists and strings. Every single value stays the text in the file: {@code version: 1.10} is
 * {@code "1.10"} and {@code name: no} is {@code "no"}. A {@link Rule} gives it a type later. Aliases are refused, so
 * the result is never larger than the text.
 */
final class YamlText {

    private static final int MAX_DEPTH = 32;
    private static final Pattern PLACE = Pattern.compile("^ in '[^']*', line ([0-9]+), column");

    private final String source;
    private final YAMLParser parser;

    private YamlText(String source, YAMLParser parser) {
        this.source = source;
        this.parser = parser;
    }

    /**
     * The root object of the only document; an empty object if the text is empty.
     *
     * @param source names the text in complaints
     */
    static Map<String, @Nullable Object> parse(String source, String text) throws ConfigException {
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            return new YamlText(source, parser).root();
        } catch (JsonProcessingException e) {
            throw new ConfigException(problem(source, e));
        } catch (IOException e) {
            throw new ConfigException(source + ": " + e.getMessage());
        }
    }

    private Map<String, @Nullable Object> root() throws IOException, ConfigException {
        JsonToken first = parser.nextToken();
        if (first == null || first == JsonToken.VALUE_NULL) {
            return new LinkedHashMap<>();
        }
        if (first != JsonToken.START_OBJECT) {
            throw refusal("not an object with keys");
        }
        Map<String, @Nullable Object> root = object(1);
        if (parser.nextToken() != null) {
            throw refusal("a second document (expected: one)");
        }
        return root;
    }

    private Map<String, @Nullable Object> object(int depth) throws IOException, ConfigException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            if (object.containsKey(key)) {
                throw refusal("duplicate key " + key);
            }
            parser.nextToken();
            object.put(key, value(depth));
        }
        return object;
    }

    private List<@Nullable Object> list(int depth) throws IOException, ConfigException {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(depth));
        }
        return list;
    }

    private @Nullable Object value(int depth) throws IOException, ConfigException {
        if (depth == MAX_DEPTH) {
            throw refusal("nested too deep (expected: at most " + MAX_DEPTH + " levels)");
        }
        if (parser.isCurrentAlias()) {
            throw refusal("a reference with * (expected: the value itself)");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(depth + 1);
            case START_ARRAY -> list(depth + 1);
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }

    private ConfigException refusal(String problem) {
        return new ConfigException(source + ":" + parser.currentTokenLocation().getLineNr() + ": " + problem);
    }

    /**
     * Shortens the parser's message to one line. The message quotes the file at both places that it names; the quotes
     * are dropped, because they may contain a secret.
     */
    private static String problem(String source, JsonProcessingException e) {
        StringBuilder problem = new StringBuilder();
        int lineNumber = Optional.ofNullable(e.getLocation())
                .map(JsonLocation::getLineNr)
                .orElse(1);
        for (String line : e.getOriginalMessage().split("\n", -1)) {
            Matcher place = PLACE.matcher(line);
            if (place.find()) {
                lineNumber = Integer.parseInt(place.group(1));
                problem.append(" (line ").append(lineNumber).append(')');
            } else if (!line.isEmpty() && !Character.isWhitespace(line.charAt(0))) {
                problem.append(problem.isEmpty() ? "" : ", ").append(line);
            }
        }
        return source + ":" + lineNumber + ": " + problem;
    }
}
