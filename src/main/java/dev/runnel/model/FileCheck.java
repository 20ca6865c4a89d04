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
        return fault(file, wanted, markerPlace, Sha256::of);
    }

    /** Computes the hash of a file. */
    interface Hash {

        String of(Path file) throws IOException;
    }

    static Optional<String> fault(Path file, ModelFile wanted, Path markerPlace, Hash hash)
            throws InterruptedException {
        try {
            Optional<String> fault = faultOfShape(file, wanted);
            if (fault.isPresent() || wanted.sha256().isEmpty()) {
                return fault;
            }
            return faultOfHash(file, wanted.sha256().get(), markerPlace, hash);
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

    private static Optional<String> faultOfHash(Path file, String expected, Path markerPlace, Hash hash)
            throws IOException {
        Optional<VerifiedMarker> marker = VerifiedMarker.read(markerPlace);
        if (marker.isPresent()
                && marker.get().covers(file)
                && marker.get().sha256().equals(expected)) {
            return Optional.empty();
        }
        String origin = marker.filter(known -> known.describes(file))
                .map(VerifiedMarker::origin)
                .orElse("");
        // As the file is before it is read. A file that changes meanwhile gets no marker: its hash may be of a mix.
        VerifiedMarker before = VerifiedMarker.of(file, expected, origin);
        String got = hash.of(file);
        if (!got.equals(expected)) {
            return Optional.of(wrongHash(expected, got));
        }
        if (before.covers(file)) {
            before.write(markerPlace);
        }
        return Optional.empty();
    }
}
