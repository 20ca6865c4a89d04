package dev.runnel.engine.llama;

import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.EngineRig;
import dev.runnel.engine.Prompt;
import dev.runnel.model.GgufMutation;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process that opens damaged copies of a model and generates with those that open: copies by seed, and then one for
 * each number of the architecture and each false value. It prints one line for each copy before and one after, so that
 * the last line names a copy that ended the process.
 */
final class HostileModels {

    /** A small context, which needs less time than the usual one. */
    private static final Map<String, Object> SMALL = Map.of("contextCells", 256, "sequences", 1);

    private static final Prompt PROMPT = new Prompt(List.of(Turn.user("x".repeat(40))), Sampling.UNSET, 4, false);

    private HostileModels() {}

    /** How many copies by seed a model has. The heads of architectures differ in little but their numbers. */
    static int mutations(TinyArchitecture architecture) {
        return architecture == TinyArchitecture.LLAMA ? 200 : 40;
    }

    /** Those whose models are damaged. */
    static List<TinyArchitecture> architectures(TestedLibrary library) {
        return library == TestedLibrary.BUNDLED
                ? List.of(TinyArchitecture.LLAMA, TinyArchitecture.GRANITE)
                : List.of(
                        TinyArchitecture.LLAMA,
                        TinyArchitecture.QWEN3,
                        TinyArchitecture.GEMMA3,
                        TinyArchitecture.LFM2,
                        TinyArchitecture.HUNYUAN_DENSE,
                        TinyArchitecture.GPT_OSS);
    }

    static Process start(TestedLibrary library, Path folder, Path log) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostileModels.class.getName(),
                        library.name(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(log.toFile())
                .start();
    }

    public static void main(String[] args) throws IOException {
        TestedLibrary library = TestedLibrary.valueOf(args[0]);
        Vertx vertx = Vertx.vertx();
        for (TinyArchitecture architecture : architectures(library)) {
            run(library, architecture, vertx, Path.of(args[1]));
        }
        vertx.close().await();
    }

    private static void run(TestedLibrary library, TinyArchitecture architecture, Vertx vertx, Path folder)
            throws IOException {
        byte[] valid = Files.readAllBytes(TinyModel.write(folder.resolve("valid.gguf"), architecture));
        int head = TinyModel.headBytes(valid, architecture);
        int mutations = mutations(architecture);
        // Other damage for each architecture.
        long seed = 1000L * architecture.ordinal();
        HeadNumbers numbers = new HeadNumbers(valid, head, architecture);
        for (int i = 0; i < mutations + numbers.count(); i++) {
            String name = architecture + " " + i;
            System.out.println(name + " starts");
            Path file = folder.resolve("damaged.gguf");
            Files.write(file, i < mutations ? GgufMutation.of(valid, head, seed + i) : numbers.copy(i - mutations));
            System.out.println(name + " " + outcome(library, vertx, file, folder));
        }
    }

    private static String outcome(TestedLibrary library, Vertx vertx, Path file, Path folder) {
        EngineEnvironment environment = new EngineEnvironment(vertx, folder, EngineListener.SILENT);
        Engine engine = library.engine(TinyModel.config(file, SMALL), environment);
        try {
            return "generates " + new EngineRig(vertx, engine).start(PROMPT).completion();
        } catch (Exception e) {
            return "refused: " + e.getMessage();
        } finally {
            engine.close().await();
        }
    }
}
