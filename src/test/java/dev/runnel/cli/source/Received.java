package dev.runnel.cli.source;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what arrives, and stops after some pieces. */
final class Received implements AnswerReader {

    final List<String> pieces = new CopyOnWriteArrayList<>();
    final List<String> notices = new CopyOnWriteArrayList<>();
    final StopSignal stop = new StopSignal();
    private final int stopAfter;

    Received() {
        this(Integer.MAX_VALUE);
    }

    Received(int stopAfter) {
        this.stopAfter = stopAfter;
    }

    String text() {
        return String.join("", pieces);
    }

    @Override
    public void text(String piece) {
        pieces.add(piece);
        if (pieces.size() >= stopAfter) {
            stop.stop();
        }
    }

    @Override
    public void notice(String line) {
        notices.add(line);
    }
}
