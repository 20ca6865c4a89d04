package dev.runnel.engine.llama;

import dev.runnel.config.LlamaConfig;
import dev.runnel.config.LlamaConfig.Choice;
import dev.runnel.model.FetchListener;
import dev.runnel.model.GgufException;
import dev.runnel.model.GgufHeader;
import dev.runnel.model.PackageStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the library of llama.cpp for a model, and fetches it if needed. */
final class Natives {

    private static final Logger LOG = LoggerFactory.getLogger(Natives.class);

    /** The architectures that {@link LlamaB4916} knows. */
    static final Set<String> BUNDLED_ARCHITECTURES = Set.of(
            "llama",
            "deci",
            "falcon",
            "grok",
            "gpt2",
            "gptj",
            "gptneox",
            "mpt",
            "baichuan",
            "starcoder",
            "refact",
            "bert",
            "nomic-bert",
            "jina-bert-v2",
            "bloom",
            "stablelm",
            "qwen",
            "qwen2",
            "qwen2moe",
            "qwen2vl",
            "phi2",
            "phi3",
            "phimoe",
            "plamo",
            "codeshell",
            "orion",
            "internlm2",
            "minicpm",
            "minicpm3",
            "gemma",
            "gemma2",
            "gemma3",
            "starcoder2",
            "mamba",
            "xverse",
            "command-r",
            "cohere2",
            "dbrx",
            "olmo",
            "olmo2",
            "olmoe",
            "openelm",
            "arctic",
            "deepseek",
            "deepseek2",
            "chatglm",
            "bitnet",
            "t5",
            "t5encoder",
            "jais",
            "nemotron",
            "exaone",
            "rwkv6",
            "rwkv6qwen2",
            "rwkv7",
            "arwkv7",
            "granite",
            "granitemoe",
            "chameleon",
            "wavtokenizer-dec");

    private final LlamaConfig config;
    private final NativeSources sources;

    Natives(LlamaConfig config, PackageStore packages, FetchListener listener) {
        this.config = config;
        this.sources = new NativeSources(config, packages, listener);
    }

    /**
     * The folder of the library for a model; empty for the one in the jar. Blocks, for minutes if the library must be
     * fetched.
     *
     * @param file the model's file
     * @throws LlamaUnavailableException if the model needs a library that is not available
     */
    Optional<Path> folder(String model, Path file) throws LlamaUnavailableException {
        if (config.natives() == Choice.FOLDER) {
            return config.folder();
        }
        if (config.natives() == Choice.BUNDLED) {
            return Optional.empty();
        }
        Platform platform = Platform.ofThisMachine();
        String architecture = config.natives() == Choice.AUTO ? architecture(file) : "";
        if (isForTheJar(config.natives(), platform, architecture)) {
            return Optional.empty();
        }
        try {
            return Optional.of(sources.folder(model, platform));
        } catch (LlamaUnavailableException e) {
            throw new LlamaUnavailableException(why(architecture) + " is not available: " + e.getMessage(), e);
        }
    }

    /**
     * Whether a model gets the library in the jar.
     *
     * @param architecture of the model's file; empty if the head is not valid
     */
    static boolean isForTheJar(Choice natives, Platform platform, String architecture) {
        return natives == Choice.AUTO
                && platform.hasBundled()
                && (architecture.isEmpty() || BUNDLED_ARCHITECTURES.contains(architecture));
    }

    private static String why(String architecture) {
        boolean isLater = !architecture.isEmpty() && !BUNDLED_ARCHITECTURES.contains(architecture);
        return isLater
                ? "llama.cpp " + LlamaB4916.VERSION + " in the jar does not know the architecture " + architecture
                        + ", and " + LlamaV040.VERSION
                : "llama.cpp " + LlamaV040.VERSION;
    }

    /** The architecture in the head of a file; empty if the head is not valid, which is refused when it is loaded. */
    private static String architecture(Path file) {
        try {
            String architecture = GgufHeader.read(file).architecture();
            return architecture.chars().allMatch(c -> c > ' ' && c < 0x7f) ? architecture : "";
        } catch (GgufException e) {
            LOG.debug("{} is not a valid GGUF file", file, e);
        } catch (IOException e) {
            LOG.debug("{} cannot be read", file, e);
        }
        return "";
    }
}
