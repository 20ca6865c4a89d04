package dev.runnel.engine.openai;

/** How the servers of a model are asked to go on after the start of an answer. Each is the form of some servers. */
enum ContinuationForm {
    /** They are not asked: they would give a second answer. */
    NONE,
    /** The start is the last message, and two members of the request say so: vLLM, newer llama.cpp. */
    CONTINUE_FINAL_MESSAGE,
    /** The start is the last message, which has {@code prefix: true}: Mistral, DeepSeek. */
    PREFIX,
    /** The start is the last message: older llama.cpp. */
    LAST_MESSAGE
}
