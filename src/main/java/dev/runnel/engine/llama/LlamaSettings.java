package dev.runnel.engine.llama;

import dev.runnel.config.ModelConfig;
import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import dev.runnel.model.ModelFile;
import java.util.List;

/**
 * The settings of this engine in a model's entry.
 *
 * @param file the model's file and its sources
 * @param sequences the generations that run at once
 * @param contextCells the tokens of all generations in the context, including the shared prefix of all prompts
 * @param threads threads that compute a step of one token
 * @param batchThreads threads that compute a step of several
 * @param stepTokens the tokens of one step; limits how long a prompt delays the other generations
 * @param thinking how the model thinks before its answer
 */
record LlamaSettings(
        ModelFile file,
        int sequences,
        int contextCells,
        int threads,
        int batchThreads,
        int stepTokens,
        ThinkingSettings thinking) {

    private static final int MANY_CORES = 4;

    /** llama.cpp processes the context in portions of so many cells. */
    private static final int CELL_PORTION = 256;

    private static final Rule<Integer> SEQUENCES = Rule.integer(1, 64);
    private static final Rule<Integer> CONTEXT_CELLS = Rule.integer(CELL_PORTION, 1_048_576);
    private static final Rule<Integer> THREADS = Rule.integer(1, 256);
    private static final Rule<Integer> STEP_TOKENS = Rule.integer(8, 512);

    /** Reads the settings. Complaints go to the list; use the result only if there are no complaints. */
    static LlamaSettings read(ModelConfig model, List<String> complaints) {
        Section section = Section.of("", model.settings(), complaints);
        int cells = section.value("contextCells", CONTEXT_CELLS, 16_384);
        if (cells % CELL_PORTION != 0) {
            section.complain("contextCells", cells, "a multiple of " + CELL_PORTION);
        }
        if (model.template() == ModelConfig.Template.NONE && model.system() != null) {
            section.complain("system", "a text", "no text with template: none");
        }
        int threads = section.value("threads", THREADS, usualThreads());
        LlamaSettings settings = new LlamaSettings(
                ModelFile.read(section),
                section.value("sequences", SEQUENCES, 8),
                cells,
                threads,
                section.value("batchThreads", THREADS, threads),
                section.value("stepTokens", STEP_TOKENS, 40),
                ThinkingSettings.read(section, model.template()));
        section.done();
        return settings;
    }

    /** All cores; from 4 cores on one fewer, which stays free for the event loops. */
    private static int usualThreads() {
        int cores = Runtime.getRuntime().availableProcessors();
        return cores < MANY_CORES ? cores : cores - 1;
    }
}
