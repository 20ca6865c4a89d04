package dev.runnel.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules of metadata that llama.cpp uses as sizes, indexes and divisors. Where one is broken, its loader of 2025 or
 * that of 2026 ends the process or reads beyond a list. What both loaders refuse is left to them.
 */
final class GgufRules {

    static final String ALIGNMENT = "general.alignment";
    static final String ARCHITECTURE = "general.architecture";
    static final String SPLIT_COUNT = "split.count";

    private static final long USUAL_ALIGNMENT = 32;
    private static final GgufRange ALIGNMENTS = new GgufRange(8, 65_536);
    private static final GgufRange SPLITS = new GgufRange(0, 1000);

    /** So that the product of the sizes of a context is a {@code long}. */
    private static final GgufRange SIZES = new GgufRange(0, 65_536);

    /** As many as the loader of 2026 has room for. That of 2025 has less, see {@link GgufHeader#experts}. */
    private static final GgufRange EXPERTS = new GgufRange(0, 1024);

    /** By the key without the architecture before it. */
    private static final Map<String, GgufRange> NUMBERS = Map.of(
            "block_count", new GgufRange(1, 512),
            "embedding_length", new GgufRange(1, 262_144),
            "feed_forward_length", new GgufRange(0, Integer.MAX_VALUE),
            "attention.head_count", SIZES,
            "attention.head_count_kv", SIZES,
            "attention.key_length", SIZES,
            "attention.value_length", SIZES,
            "expert_count", EXPERTS,
            "expert_used_count", EXPERTS);

    /** Those that may be a list with a number for each layer. */
    private static final Set<String> LISTS =
            Set.of("feed_forward_length", "attention.head_count", "attention.head_count_kv", "rope.dimension_sections");

    private static final Set<String> EPSILONS =
            Set.of("attention.layer_norm_epsilon", "attention.layer_norm_rms_epsilon", "attention.group_norm_epsilon");

    private static final String SCALING = "rope.scaling.type";
    private static final Set<String> SCALINGS = Set.of("none", "linear", "yarn", "longrope");

    private final GgufMetadata metadata;
    private final String architecture;

    private GgufRules(GgufMetadata metadata) {
        this.metadata = metadata;
        this.architecture = metadata.text(ARCHITECTURE);
    }

    static void check(GgufMetadata metadata) throws GgufException {
        GgufRules rules = new GgufRules(metadata);
        rules.checkNumbers();
        rules.checkExperts();
        rules.checkExpertGroups();
        rules.checkLayersForPrediction();
        rules.checkFractions();
        rules.checkScaling();
        rules.checkVocabulary();
        GgufHeads.check(metadata, rules.architecture);
        SPLITS.checked(SPLIT_COUNT, metadata.number(SPLIT_COUNT).orElse(0));
    }

    /** The alignment of the tensors in bytes. */
    static long alignment(GgufMetadata metadata) throws GgufException {
        Optional<GgufValue> value = metadata.value(ALIGNMENT);
        if (value.isEmpty()) {
            return USUAL_ALIGNMENT;
        }
        if (value.get() instanceof GgufValue.Whole whole
                && whole.type() == GgufType.UINT32
                && ALIGNMENTS.has(whole.value())
                && Long.bitCount(whole.value()) == 1) {
            return whole.value();
        }
        throw new GgufException(
                ALIGNMENT, inWords(value.get()), "a power of two, " + ALIGNMENTS.inWords() + ", as UINT32");
    }

    private void checkNumbers() throws GgufException {
        for (Map.Entry<String, GgufValue> entry : metadata.values().entrySet()) {
            String name = nameOf(entry.getKey());
            GgufRange range = NUMBERS.get(name);
            if (entry.getValue() instanceof GgufValue.Array list && LISTS.contains(name)) {
                checkList(entry.getKey(), list, range);
            } else if (entry.getValue() instanceof GgufValue.Whole whole && range != null) {
                range.checked(entry.getKey(), whole.value());
            }
        }
    }

    private static void checkList(String key, GgufValue.Array list, @Nullable GgufRange range) throws GgufException {
        if (list.type() != GgufType.INT32 && list.type() != GgufType.UINT32) {
            throw new GgufException(key, inWords(list), "INT32 or UINT32");
        }
        if (range != null) {
            range.checked(key, list.range().least());
            range.checked(key, list.range().most());
        }
    }

    private void checkExperts() throws GgufException {
        long experts = number("expert_count");
        String key = architecture + ".expert_used_count";
        GgufRange range = new GgufRange(Math.min(experts, 1), experts);
        if (metadata.value(key).orElse(null) instanceof GgufValue.Array list) {
            checkList(key, list, range);
        } else {
            range.checked(key, number("expert_used_count"));
        }
    }

    private void checkExpertGroups() throws GgufException {
        long experts = number("expert_count");
        long groups = number("expert_group_count");
        String key = architecture + ".expert_group_count";
        new GgufRange(0, Math.max(0, experts - 1)).checked(key, groups);
        if (groups > 1 && experts % groups != 0) {
            throw new GgufException(key, groups, "a divisor of " + experts + ", the number of experts");
        }
        if (groups > 1) {
            new GgufRange(1, groups - 1)
                    .checked(architecture + ".expert_group_used_count", number("expert_group_used_count"));
        }
    }

    private void checkLayersForPrediction() throws GgufException {
        String key = "nextn_predict_layers";
        new GgufRange(0, number("block_count")).checked(architecture + "." + key, number(key));
    }

    /** The value of a key of the architecture; 0 if it has none. */
    private long number(String key) {
        return metadata.number(architecture + "." + key).orElse(0);
    }

    private void checkFractions() throws GgufException {
        for (String name : EPSILONS) {
            String key = architecture + "." + name;
            if (metadata.value(key).orElse(null) instanceof GgufValue.Fraction epsilon
                    && !(epsilon.value() > 0 && epsilon.value() <= 1)) {
                throw new GgufException(key, epsilon.value(), "> 0-1");
            }
        }
    }

    private void checkScaling() throws GgufException {
        String key = architecture + "." + SCALING;
        if (metadata.value(key).orElse(null) instanceof GgufValue.Text text && !SCALINGS.contains(text.text())) {
            throw new GgufException(
                    key, "a text of " + text.text().length() + " characters", "none, linear, yarn or longrope");
        }
    }

    private void checkVocabulary() throws GgufException {
        long tokens =
                checkElements(GgufMetadata.TOKENS, List.of(GgufType.STRING)).orElse(0L);
        checkElements("tokenizer.ggml.merges", List.of(GgufType.STRING));
        checkElements("tokenizer.ggml.precompiled_charsmap", List.of(GgufType.INT8, GgufType.UINT8));
        checkAsMany("tokenizer.ggml.scores", List.of(GgufType.FLOAT32), tokens);
        checkAsMany("tokenizer.ggml.token_type", List.of(GgufType.INT32, GgufType.UINT32), tokens);
    }

    private void checkAsMany(String key, List<GgufType> types, long tokens) throws GgufException {
        Optional<Long> length = checkElements(key, types);
        if (length.isPresent() && length.get() != tokens) {
            throw new GgufException(key, length.get() + " elements", tokens + ", one for each token");
        }
    }

    private Optional<Long> checkElements(String key, List<GgufType> types) throws GgufException {
        Optional<GgufValue> value = metadata.value(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof GgufValue.Array list && types.contains(list.type())) {
            return Optional.of(list.length());
        }
        throw new GgufException(
                key,
                inWords(value.get()),
                "an array of " + types.stream().map(Enum::name).collect(Collectors.joining(" or ")));
    }

    /** Without the architecture: {@code block_count}. */
    private String nameOf(String key) {
        return key.startsWith(architecture + ".") ? key.substring(architecture.length() + 1) : "";
    }

    private static String inWords(GgufValue value) {
        if (value instanceof GgufValue.Array list) {
            return "an array of " + list.type();
        }
        if (value instanceof GgufValue.Whole whole) {
            return whole.value() + " as " + whole.type();
        }
        return value instanceof GgufValue.Text ? "a text" : "a fraction";
    }
}
