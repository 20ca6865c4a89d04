package dev.runnel.http.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** Gives buffers for what is written, but for the one that a test wants to fail; what is read always gets one. */
final class FailingAllocator extends PooledByteBufAllocator {

    private enum Failure {
        NONE,
        NO_MEMORY,
        NO_ROOM
    }

    private final AtomicReference<Failure> next = new AtomicReference<>(Failure.NONE);
    private final List<ByteBuf> tooSmall = new CopyOnWriteArrayList<>();

    FailingAllocator() {
        super(true);
    }

    /** The next buffer cannot be had. */
    void failNext() {
        next.set(Failure.NO_MEMORY);
    }

    /** The next buffer has room for one byte, and does not grow. */
    void starveNext() {
        next.set(Failure.NO_ROOM);
    }

    /** Those that were too small. */
    List<ByteBuf> tooSmall() {
        return tooSmall;
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return switch (next.getAndSet(Failure.NONE)) {
            case NONE -> super.newDirectBuffer(initialCapacity, maxCapacity);
            case NO_MEMORY -> throw new OutOfMemoryError("what a test makes of direct memory");
            case NO_ROOM -> {
                ByteBuf small = super.newDirectBuffer(1, 1);
                tooSmall.add(small);
                yield small;
            }
        };
    }

    /** Sockets are read with these. */
    @Override
    public ByteBuf ioBuffer(int initialCapacity) {
        return super.newDirectBuffer(initialCapacity, Integer.MAX_VALUE);
    }
}
