package dev.runnel.sse;

import java.util.Optional;

/** What a client reads of one answer, over any version of HTTP. A read that lasts 20 s fails. */
public interface StreamWire extends AutoCloseable {

    /** Reads status and headers only. */
    HttpWire.Answer head();

    /** Reads one chunk, or nothing at the end of the body. A chunk of an event stream is an event. */
    Optional<byte[]> chunk();

    @Override
    void close();
}
