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

/**
 * A process that opens damaged copies of a model and generates with those that open. It prints one line for each seed
 * before and one after, so that the last line names a seed that ended the process.
 */
final class HostileModels {

    private static final Prompt PROMPT = new Prompt(List.of(Turn.user("x")), Sampling.UNSET, 4, false);

    private HostileModels() {}

    static Process start(TestedLibrary library, TinyArchitecture architecture, Path folder, long mutations, Path log)
            throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostileModels.class.getName(),
                        library.name(),
                        architecture.name(),
                        folder.toString(),
                        String.valueOf(mutations))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(log.toFile())
                .start();
    }

    public static void main(String[] args) throws IOException {
        TestedLibrary library = TestedLibrary.valueOf(args[0]);
        TinyArchitecture architecture = TinyArchitecture.valueOf(args[1]);
        Path folder = Path.of(args[2]);
        byte[] valid = Files.readAllBytes(TinyModel.write(folder.resolve("valid.gguf"), architecture));
        int head = TinyModel.headBytes(valid, architecture);
        Vertx vertx = Vertx.vertx();
        for (long seed = 0; seed < Long.parseLong(args[3]); seed++) {
            System.out.println(seed + " starts");
            Path file = folder.resolve("damaged.gguf");
            Files.write(file, GgufMutation.of(valid, head, seed));
            System.out.println(seed + " " + outcome(library, vertx, file, folder));
        }
        vertx.close().await();
    }

    private static String outcome(TestedLibrary library, Vertx vertx, Path file, Path folder) {
        Engine engine =
                library.engine(TinyModel.config(file), new EngineEnvironment(vertx, folder, EngineListener.SILENT));
        try {
            return "generates " + new EngineRig(vertx, engine).start(PROMPT).completion();
        } catch (Exception e) {
            return "refused: " + e.getMessage();
        } finally {
            engine.close().await();
        }
    }
}
