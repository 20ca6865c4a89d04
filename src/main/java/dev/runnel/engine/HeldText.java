package dev.runnel.engine;

import dev.runnel.text.Failure;
import java.util.Optional;

/**
 * The large buffers that an engine holds for one generation before it passes their text on. The service counts them in
 * the memory for clients. A buffer of a few KB needs no account. For one thread.
 */
public interface HeldText extends AutoCloseable {

    /** Counts nothing and refuses nothing. */
    HeldText UNCOUNTED = bytes -> Optional.empty();

    /**
     * Changes how many bytes are held. Fewer than before are never refused.
     *
     * @param bytes 0 or more
     * @return the failure with which the generation must end, as there is no memory; nothing is changed then
     */
    Optional<Failure> resize(long bytes);

    /** Gives all of it back. Idempotent. */
    @Override
    default void close() {}
}
