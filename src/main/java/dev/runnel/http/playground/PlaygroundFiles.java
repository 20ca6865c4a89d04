package dev.runnel.http.playground;

import dev.runnel.http.file.ServedFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All files of the playground, read from the class path once and kept: about 100 KB. A name is looked up in a closed
 * list, so no name reaches another file. The {@code StaticHandler} of vertx-web needs a folder for temporary files,
 * which this service does without.
 */
public final class PlaygroundFiles {

    private static final String PAGE = "index.html";
    private static final List<String> NAMES = List.of(
            PAGE,
            "style.css",
            "icon.svg",
            "main.js",
            "answer.js",
            "column.js",
            "dom.js",
            "events.js",
            "key.js",
            "markdown.js",
            "snippets.js",
            "state.js",
            "text.js",
            "turns.js",
            "wire.js");

    /** The version is that of {@code marked.version} in the build. */
    private static final String MARKED = "/META-INF/resources/webjars/marked/17.0.1/lib/marked.esm.js";

    private static final PlaygroundFiles ALL = read();

    private final Map<String, ServedFile> files;

    private PlaygroundFiles(Map<String, ServedFile> files) {
        this.files = Map.copyOf(files);
    }

    /** The files of this process. The first call reads them. */
    public static PlaygroundFiles all() {
        return ALL;
    }

    private static PlaygroundFiles read() {
        Map<String, ServedFile> files = new TreeMap<>();
        NAMES.forEach(name -> files.put(name, ServedFile.read(PlaygroundFiles.class, name)));
        files.put("marked.js", ServedFile.read(PlaygroundFiles.class, MARKED));
        return new PlaygroundFiles(files);
    }

    /** The page itself. */
    public ServedFile page() {
        return file(PAGE).orElseThrow();
    }

    /** The file of this name; empty for any other name. */
    public Optional<ServedFile> file(String name) {
        return Optional.ofNullable(files.get(name));
    }
}
