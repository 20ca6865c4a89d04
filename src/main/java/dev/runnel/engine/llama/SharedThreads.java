package dev.runnel.engine.llama;

/**
 * The threads that all llama models of a process share.
 *
 * @param engine loads models and evaluates batches
 * @param tokenizer makes tokens of prompts
 */
record SharedThreads(EngineThread engine, Tokenizer tokenizer) {

    static SharedThreads start() {
        SharedThreads threads = new SharedThreads(new EngineThread(), new Tokenizer());
        threads.engine.start();
        return threads;
    }

    /** The threads end as soon as they have done what was submitted. */
    void stop() {
        tokenizer.stop();
        engine.stop();
    }
}
