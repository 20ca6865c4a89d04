package dev.runnel.resume;

/** What a request with an idempotency key may do. */
public sealed interface ClaimAnswer {

    /** It may start a generation. It must be kept or released. */
    record Granted(Claim claim) implements ClaimAnswer {}

    /** It may attach to this generation. */
    record Known(KeptGeneration generation) implements ClaimAnswer {}

    /** An earlier request with the key is not answered yet. It may wait for the answer. */
    record InProgress(Claim claim) implements ClaimAnswer {}

    /** A request on another node has the key, and was not answered while this one waited. */
    record InProgressElsewhere() implements ClaimAnswer {}

    /** The cluster does not say in time what the key stands for. */
    record Silent() implements ClaimAnswer {}

    /** The key stands for another request. */
    record Mismatch() implements ClaimAnswer {}

    /** It continues a text, and the key stands for none. */
    record Unknown() implements ClaimAnswer {}

    /** No further generation can be kept: as many as may be run or have readers. */
    record Full() implements ClaimAnswer {}
}
