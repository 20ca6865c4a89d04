package dev.runnel.engine.openai;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Random events of an upstream: valid ones, and ones with changed bytes. */
final class EventSamples {

    static final List<String> TEXTS = List.of(
            "",
            " once",
            "a",
            "\\n",
            "\\u00e9",
            "é",
            "😀",
            "\\ud83d\\ude00",
            "\\/",
            "\\\"}",
            "\\\\",
            "\u2028",
            "\u0085",
            "\u007f",
            "\\ud83d",
            "\\ude00",
            "\\uD83D\\n",
            "\\\\ud83d",
            "{\\\"content\\\":\\\"no\\\"}",
            "],}",
            "\\u0000");
    private static final List<String> STRANGERS = List.of(
            "\"id\":\"x\"",
            "\"created\":17",
            "\"obfuscation\":\"}]\\\"\"",
            "\"usage\":null",
            "\"error\":null",
            "\"content\":\"not this\"",
            "\"delta\":{\"content\":\"nor this\"}",
            "\"text\":\"nor that\"",
            "\"l\":[1,{\"a\":[]}]",
            "\"system_fingerprint\":null",
            "\"f\":-1.5e3",
            "\"t\":true");

    static final List<Charset> ENCODINGS = Stream.of(
                    "UTF-8", "UTF-8", "UTF-8", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE")
            .map(Charset::forName)
            .toList();

    /** An event in some encoding, with or without a byte-order mark; some of its bytes may be random. */
    static byte[] spoilt(Random random) {
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        String mark = random.nextInt(4) == 0 ? "\ufeff" : "";
        String event = mark
                + frame(random.nextBoolean() ? Api.CHAT : Api.COMPLETIONS, random)
                        .replace("TEXT", text);
        byte[] bytes = event.getBytes(ENCODINGS.get(random.nextInt(ENCODINGS.size())));
        for (int left = random.nextInt(4); left > 0; left--) {
            bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? random.nextInt(256) : 0);
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    /** An event with its fields in any order, with white space and with unknown fields; TEXT stands for its text. */
    static String frame(Api api, Random random) {
        String text = api == Api.CHAT
                ? "\"delta\":" + object(random, List.of("\"content\":\"TEXT\"", "\"role\":\"assistant\""), 2)
                : "\"text\":\"TEXT\"";
        String choice = object(random, List.of(text, "\"index\":0", "\"finish_reason\":null"), 0);
        String other = object(random, List.of("\"index\":1", "\"delta\":{\"content\":\"other\"}", "\"text\":\"x\""), 0);
        List<String> choices = new ArrayList<>(List.of(choice));
        if (random.nextInt(4) == 0) {
            choices.add(other);
            Collections.shuffle(choices, random);
        }
        return object(random, List.of("\"choices\":[" + String.join(",", choices) + "]"), 3);
    }

    private static String object(Random random, List<String> fields, int strangers) {
        List<String> all = new ArrayList<>(fields);
        boolean isDelta = fields.get(0).startsWith("\"content\"");
        for (int i = 0; i < strangers; i++) {
            String stranger = STRANGERS.get(random.nextInt(STRANGERS.size()));
            if (!(isDelta && stranger.startsWith("\"content\""))
                    && all.stream().noneMatch(f -> key(f).equals(key(stranger)))) {
                all.add(stranger);
            }
        }
        Collections.shuffle(all, random);
        String space = List.of("", " ", "\t", "  ").get(random.nextInt(4));
        return "{" + space + String.join(space + "," + space, all) + space + "}";
    }

    private static String key(String field) {
        return field.substring(0, field.indexOf(':'));
    }

    private EventSamples() {}
}
