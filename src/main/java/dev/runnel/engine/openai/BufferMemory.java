package dev.runnel.engine.openai;

import dev.runnel.engine.HeldText;
import dev.runnel.text.Failure;
import java.util.Optional;

/**
 * Counts the large buffers of one stream in the memory for clients. An ordinary event fits into uncounted buffers and
 * causes no call. For one thread.
 */
final class BufferMemory implements BoundedBytes.Growth, AutoCloseable {

    private final HeldText account;
    private long held;

    BufferMemory(HeldText account) {
        this.account = account;
    }

    /** @throws HeldTooMuchException if the buffer may not grow; nothing is changed then */
    @Override
    public void resized(int before, int after) {
        long wanted = held - counted(before) + counted(after);
        if (wanted == held) {
            return;
        }
        Optional<Failure> refusal = account.resize(wanted);
        if (refusal.isPresent()) {
            throw new HeldTooMuchException(refusal.get());
        }
        held = wanted;
    }

    private static int counted(int capacity) {
        return capacity > BoundedBytes.UNCOUNTED_CAPACITY ? capacity : 0;
    }

    @Override
    public void close() {
        held = 0;
        account.close();
    }
}
