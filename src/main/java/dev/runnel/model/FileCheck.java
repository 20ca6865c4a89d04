package dev.runnel.model;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Checks whether a file is the configured one. */
final class FileCheck {

    private FileCheck() {}

    /**
     * The reason to refuse the file, in a few words; empty if it is good. Reads the whole file unless its marker says
     * that it was checked before, and writes the marker if possible.
     */
    static Optional<String> fault(Path file, ModelFile wanted, Path markerPlace) throws InterruptedException {
        try {
            Optional<String> fault = faultOfShape(file, wanted);
            if (fault.isPresent() || wanted.sha256().isEmpty()) {
                return fault;
            }
            return faultOfHash(file, wanted.sha256().get(), markerPlace);
        } catch (IOException e) {
            if (isInterrupt(e)) {
                throw interrupted();
            }
            return Optional.of(IoReason.of(e));
        }
    }

    /** Whether an interrupt caused the exception of a read or a write. */
    static boolean isInterrupt(IOException e) {
        return e instanceof ClosedByInterruptException || e instanceof FileLockInterruptionException;
    }

    /** Clears the thread's interrupt flag, as a blocking method that throws this exception does. */
    static InterruptedException interrupted() {
        Thread.interrupted();
        return new InterruptedException();
    }

    static String wrongHash(String expected, String got) {
        return "wrong SHA-256: expected " + expected + ", got " + got;
    }

    private static Optional<String> faultOfShape(Path file, ModelFile wanted) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.of(Files.exists(file) ? "not a file" : "no such file");
        }
        long size = Files.size(file);
        return wanted.bytes() == 0 || wanted.bytes() == size
                ? Optional.empty()
                : Optional.of("wrong size: expected " + wanted.bytes() + " bytes, got " + size);
    }

    private static Optional<String> faultOfHash(Path file, String expected, Path markerPlace) throws IOException {
        Optional<VerifiedMarker> marker = VerifiedMarker.read(markerPlace);
        if (marker.isPresent()
                && marker.get().covers(file)
                && marker.get().sha256().equals(expected)) {
            return Optional.empty();
        }
        String got = Sha256.of(file);
        if (!got.equals(expected)) {
            return Optional.of(wrongHash(expected, got));
        }
        String origin = marker.filter(known -> known.describes(file))
                .map(VerifiedMarker::origin)
                .orElse("");
        VerifiedMarker.of(file, got, origin).write(markerPlace);
        return Optional.empty();
    }
}
