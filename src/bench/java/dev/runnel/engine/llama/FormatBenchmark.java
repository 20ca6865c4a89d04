package dev.runnel.engine.llama;

import com.sun.jna.Pointer;
import dev.runnel.config.LlamaConfig;
import dev.runnel.config.ModelConfig;
import dev.runnel.engine.grammar.Grammar;
import dev.runnel.engine.grammar.JsonGrammar;
import dev.runnel.text.Sampling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a grammar adds to the choice of one token, on a real model: {@code FormatBenchmark MODEL.gguf [DATA_DIRECTORY]}
 * prints a table. At each place of a text the choice is made without a grammar; with a check of the token that was
 * chosen; and with a check of all tokens first, which is also what follows a rejection. {@code -Dnatives=FOLDER} uses
 * llama.cpp v0.4.0 in that folder.
 */
public final class FormatBenchmark {

    private static final int ROUNDS = Integer.getInteger("rounds", 200);
    private static final int PLAIN = 0;
    private static final int ALL_FIRST = 2;
    private static final Sampling SAMPLING = new Sampling(0.8, 0.95, 40, 7L, 0.0, 0.0, List.of());

    private static final String PERSON = """
        {"type":"object","properties":{"name":{"type":"string"},"colour":{"enum":["red","green","blue"]},
         "numbers":{"type":"array","items":{"type":"integer","minimum":-5,"maximum":1200}}},
         "required":["name","colour","numbers"],"additionalProperties":false}
        """;

    private final LlamaModel model;
    private final LlamaContext context;
    private final Candidates candidates;
    private final Sampler plain;

    private FormatBenchmark(LlamaModel model, LlamaContext context) {
        this.model = model;
        this.context = context;
        this.candidates = new Candidates(model.vocabulary());
        this.plain = new Sampler(model.vocabulary(), SAMPLING, 1, null);
    }

    /** Prints the table. */
    public static void main(String[] args) throws Exception {
        var config = new ModelConfig(
                "m",
                "llama",
                ModelConfig.Template.CHAT,
                null,
                Sampling.UNSET,
                Map.of("sources", List.of(Map.of("file", args[0]))));
        String natives = System.getProperty("natives", "");
        LlamaLibrary library = natives.isEmpty()
                ? NativeLlama.bundled(Path.of(args.length > 1 ? args[1] : System.getProperty("java.io.tmpdir")))
                : NativeLlama.inFolder(Path.of(natives), LlamaConfig.Choice.FOLDER);
        LlamaModel model = LlamaModel.load(Path.of(args[0]), library);
        LlamaContext context = LlamaContext.create(model, LlamaSettings.read(config, new ArrayList<>()), 2, 64);
        var benchmark = new FormatBenchmark(model, context);
        benchmark.evaluate("Once upon a time there was a fox. {\"name\":");
        Grammar person = JsonGrammar.of(PERSON, "schema");
        benchmark.print("at the start", person, "");
        benchmark.print("in a string", person, "{\"name\":\"Ada");
        benchmark.print("in a literal", person, "{\"name\":\"Ada\", \"colour\": \"gre");
        benchmark.print("in a number", person, "{\"name\":\"Ada\", \"colour\": \"red\", \"numbers\": [1");
        benchmark.print("any JSON, in a string", JsonGrammar.anyObject(), "{\"a\":[1,{\"b\":\"c");
        benchmark.print("200 alternatives", JsonGrammar.of(alternatives(), "schema"), "{\"");
    }

    /** Objects that start alike and differ later. */
    private static String alternatives() {
        List<String> options = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            options.add("{\"properties\":{\"name\":{\"type\":\"string\",\"maxLength\":" + (i + 10)
                    + "}},\"required\":[\"name\"]}");
        }
        return "{\"anyOf\":[" + String.join(",", options) + "]}";
    }

    private void evaluate(String text) {
        StepBatch batch = new StepBatch(64);
        int[] tokens = model.vocabulary().tokenize(text, false);
        for (int i = 0; i < tokens.length; i++) {
            batch.add(tokens[i], i, 0, i == tokens.length - 1);
        }
        if (context.decode(batch) != 0) {
            throw new IllegalStateException("llama_decode failed");
        }
    }

    private void print(String place, Grammar grammar, String text) {
        Llama llama = model.llama();
        var sampler = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params());
        llama.llama_sampler_chain_add(sampler, llama.llama_sampler_init_top_k(40));
        llama.llama_sampler_chain_add(sampler, llama.llama_sampler_init_top_p(0.95f, 1));
        llama.llama_sampler_chain_add(sampler, llama.llama_sampler_init_temp(0.8f));
        llama.llama_sampler_chain_add(sampler, llama.llama_sampler_init_dist(7));
        var rules = model.vocabulary().grammar(grammar);
        for (int token : model.vocabulary().tokenize(text, false)) {
            if (!candidates.admits(rules, token)) {
                throw new IllegalStateException(text + " is not of the grammar");
            }
            llama.llama_sampler_accept(rules, token);
        }
        double[][] micros = new double[3][ROUNDS];
        int last = model.vocabulary().tokenize("Once upon a time there was a fox. {\"name\":", false).length - 1;
        for (int round = 0; round < ROUNDS; round++) {
            for (int way = PLAIN; way <= ALL_FIRST; way++) {
                long start = System.nanoTime();
                choose(way, sampler, rules, last);
                micros[way][round] = (System.nanoTime() - start) / 1e3;
            }
        }
        System.out.printf("%-24s", place);
        for (double[] way : micros) {
            Arrays.sort(way);
            double most = way[ROUNDS - ROUNDS / 20 - 1];
            System.out.printf("  %8.0f (%.0f … %.0f)", way[ROUNDS / 2], way[ROUNDS / 20], most);
        }
        System.out.println();
        llama.llama_sampler_free(rules);
        llama.llama_sampler_free(sampler);
    }

    private void choose(int way, Pointer chain, Pointer rules, int index) {
        if (way == PLAIN) {
            plain.sample(context, index);
            return;
        }
        candidates.fill(context, index);
        if (way == ALL_FIRST) {
            candidates.reject(rules);
        }
        int token = candidates.choose(chain);
        candidates.admits(rules, token);
    }
}
